/** The flat parts of a document, start tags, end tags and texts, and the mistakes of form inside each of them. */
import type { IToken } from 'chevrotain';
import type { Details } from '../../diagnostics/reporter.ts';
import { maximumFaults, type Faults } from './faults.ts';
import { maximumTagTokens, type Events } from './grammar.ts';
import { brief, forbiddenCharacter, isQualifiedName } from './names.ts';
import { isClosed } from './scan.ts';
import { reportAddress, reportSign } from './sign.ts';
import { reportInstruction } from './instruction.ts';
import {
  BareValue,
  CData,
  Comment,
  Doctype,
  EmptyClose,
  EndOpen,
  Instruction,
  OpenValue,
  Value,
  Word,
} from './tokens.ts';

/** An attribute by the places of its name and its value; `xmlns` declarations are among them. */
export interface RawAttribute {
  readonly name: string;
  readonly nameStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A start tag. The name, as written, follows its `<`. */
export interface StartPart {
  readonly kind: 'start';
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isEmpty: boolean;
  /** False where the `>` is missing: then nobody knows whether the tag was meant to be empty. */
  readonly isClosed: boolean;
  readonly attributes: readonly RawAttribute[];
}

/** An end tag; its name is empty where there is none. */
export interface EndPart {
  readonly kind: 'end';
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Character data: the place of a text, of the inside of a CDATA section, or of a stray `<`. */
export interface TextPart {
  readonly kind: 'text' | 'cdata' | 'stray';
  readonly start: number;
  readonly end: number;
  /** The place with what encloses it. */
  readonly outerStart: number;
  readonly outerEnd: number;
}

export type Part = StartPart | EndPart | TextPart;

/** Some parts of a document, in order. */
export interface Parts {
  readonly list: readonly Part[];
  /** There was a DOCTYPE, which may have defined entities. */
  readonly hasDoctype: boolean;
}

/** Collects the parts from the parser's events. */
export interface Collector extends Events {
  /** Gives the parts since the last time. */
  drain(): Parts;
  /** A comment or the like goes on to the end of the text, so that what would follow is unknown. */
  readonly isCutShort: boolean;
}

const sections = [
  { type: Comment, what: 'the comment', start: '<!--', end: '-->' },
  { type: CData, what: 'the CDATA section', start: '<![CDATA[', end: ']]>' },
  { type: Instruction, what: 'the processing instruction', start: '<?', end: '?>' },
  { type: Doctype, what: 'the DOCTYPE', start: '<!DOCTYPE', end: '>' },
];

const noAttributes: readonly RawAttribute[] = [];
const shown = (name: IToken) => ({ attribute: brief(name.image) });
const endOf = (token: IToken): number => token.startOffset + token.image.length;

/** Makes a collector for one text. */
export function createCollector(faults: Faults): Collector {
  const { text } = faults.source;
  let list: Part[] = [];
  let hasDoctype = false;
  let isCutShort = false;

  // The tag that is being read.
  let open: IToken | null = null;
  const attributes: RawAttribute[] = [];
  let extras: IToken[] = [];
  let lastEnd = 0;
  /** Reports that make no sense if the tag turns out to have no end: then a text may have been taken for attributes. */
  let doubtful: (() => void)[] = [];
  const tagName = (): string => brief(open?.image ?? '<');

  const postpone = (report: () => void): void => {
    if (doubtful.length <= maximumFaults) doubtful.push(report);
  };

  /** Is the section closed? Reports it if it is not. */
  function checkClosed(token: IToken): boolean {
    const form = sections.find(({ type }) => type === token.tokenType);
    if (form === undefined || isClosed(token.image, form.start, form.end)) return true;
    if (endOf(token) === text.length) isCutShort = true;
    if (form.type !== Doctype) {
      const { what, end } = form;
      faults.report('BV0115', token.startOffset, token.startOffset + form.start.length, { what, end });
    }
    return false;
  }

  function reportMisplaced(token: IToken): void {
    const tag = `${tagName()}>`;
    if (token.tokenType === Doctype) {
      doctype(token);
    } else if (checkClosed(token)) {
      const what = sections.find(({ type }) => type === token.tokenType)?.what;
      const found = what ?? brief(token.image, 20);
      // A character that is allowed nowhere has its own report.
      if (what === undefined && token.image.search(forbiddenCharacter) >= 0) return;
      postpone(() => {
        faults.report('BV0129', token.startOffset, endOf(token), { found, tag });
      });
    }
  }

  function doctype(token: IToken): void {
    hasDoctype = true;
    checkClosed(token);
    faults.report('BV0107', token.startOffset, token.startOffset + '<!DOCTYPE'.length, {});
  }

  function attribute(name: IToken, equals: IToken | undefined, value: IToken | undefined): void {
    if (open?.tokenType === EndOpen) {
      extras.push(name);
      return;
    }
    const from = name.startOffset;
    const isAdjacent = from === lastEnd;
    if (value === undefined) {
      const end = endOf(equals ?? name);
      if (isAdjacent || !isQualifiedName(name.image)) reportMisplaced(name);
      else {
        const values = { attribute: brief(name.image), tag: `${tagName()}>` };
        postpone(() => {
          faults.report('BV0124', from, end, values);
        });
      }
      return;
    }
    // In <disk type='x'&nbsp;device='y'> the name itself is at fault.
    if (isAdjacent && isQualifiedName(name.image))
      faults.report('BV0127', from, endOf(name), shown(name), insertion(from, ' '));
    if (equals === undefined) faults.report('BV0128', from, endOf(value), shown(name), insertion(endOf(name), '='));
    lastEnd = endOf(value);
    attributes.push({ name: name.image, nameStart: from, ...innerOf(name, value) });
  }

  function insertion(offset: number, inserted: string): Details {
    return { edit: { span: faults.span(offset, offset), text: inserted } };
  }

  /** The place between the quotes; reports where they are missing or hold a `<`. */
  function innerOf(name: IToken, value: IToken): { readonly valueStart: number; readonly valueEnd: number } {
    const { image, startOffset: start, tokenType } = value;
    const end = endOf(value);
    if (tokenType === Value) {
      const lessThan = image.indexOf('<');
      if (lessThan >= 0) {
        const at = start + lessThan;
        faults.report('BV0119', at, at + 1, shown(name), { edit: { span: faults.span(at, at + 1), text: '&lt;' } });
      }
      return { valueStart: start + 1, valueEnd: end - 1 };
    }
    if (tokenType === BareValue) {
      const bare = image.replace(/^[\u2018\u201C]|[\u2019\u201D]$/g, '');
      faults.report('BV0125', start, end, shown(name), { edit: { span: faults.span(start, end), text: `'${bare}'` } });
      return { valueStart: start, valueEnd: end };
    }
    const quote = image.charAt(0);
    const trimmed = image.trimEnd();
    const isOtherQuote = trimmed.length > 1 && /['"]$/.test(trimmed);
    const inner = isOtherQuote ? trimmed.slice(0, -1) : trimmed;
    const edit = { span: faults.span(start + inner.length, start + trimmed.length), text: quote };
    faults.report('BV0126', start, start + trimmed.length, { ...shown(name), quote }, { edit });
    return { valueStart: start + 1, valueEnd: start + inner.length };
  }

  /** Reports a tag without its `>`, unless an unclosed comment inside took it. Gives where the tag ends. */
  function reportUnclosed(end: number, ending: string): number {
    const start = open?.startOffset ?? 0;
    if (!isCutShort) {
      const details = insertion(end, ending === '/> or >' ? '>' : ending);
      faults.report('BV0114', start, end, { tag: tagName(), end: ending }, details);
    }
    return end;
  }

  return {
    get full() {
      return faults.full;
    },
    openTag(token) {
      open = token;
      attributes.length = 0;
      if (extras.length > 0) extras = [];
      if (doubtful.length > 0) doubtful = [];
      lastEnd = 0;
    },
    attribute,
    misplaced(token) {
      if (open?.tokenType === EndOpen && token.tokenType !== Doctype && checkClosed(token)) extras.push(token);
      else reportMisplaced(token);
      if (token.tokenType === Value || token.tokenType === OpenValue) lastEnd = endOf(token);
    },
    closeStartTag(close) {
      if (open === null) return;
      if (close !== undefined)
        doubtful.forEach((report) => {
          report();
        });
      const start = open.startOffset;
      const isBare = close === undefined && attributes.length === 0 && !isCutShort;
      if (isBare && reportSign(faults, list.at(-1), start)) return;
      if (close !== undefined && reportAddress(faults, start, endOf(close))) return;
      const end = close === undefined ? reportUnclosed(Math.max(lastEnd, endOf(open)), '/> or >') : endOf(close);
      const isEmpty = close?.tokenType === EmptyClose;
      const name = open.image.slice(1);
      // A copy has no room to grow, which the many short lists of a large document would waste.
      const copy = attributes.length === 0 ? noAttributes : attributes.slice();
      list.push({ kind: 'start', name, start, end, isEmpty, isClosed: close !== undefined, attributes: copy });
    },
    closeEndTag(close) {
      if (open === null) return;
      const written = open.image.slice(2);
      const name = written === '' && extras[0]?.tokenType === Word ? extras[0].image : written;
      const end = close === undefined ? reportUnclosed(endOf(open), '>') : endOf(close);
      if (close !== undefined && (extras.length > 0 || close.tokenType === EmptyClose || name === '')) {
        const found = brief(text.slice(open.startOffset, end));
        const expected = `</${name === '' ? 'name' : brief(name)}>`;
        faults.report('BV0130', open.startOffset, end, { found, expected });
      }
      list.push({ kind: 'end', name, start: open.startOffset, end });
    },
    text(token) {
      const start = token.startOffset;
      const end = endOf(token);
      list.push({ kind: 'text', start, end, outerStart: start, outerEnd: end });
    },
    cdata(token) {
      const outerEnd = endOf(token);
      const end = checkClosed(token) ? outerEnd - ']]>'.length : outerEnd;
      const outerStart = token.startOffset;
      list.push({ kind: 'cdata', start: outerStart + '<![CDATA['.length, end, outerStart, outerEnd });
    },
    comment(token) {
      if (!checkClosed(token)) return;
      const hyphens = token.image.indexOf('--', '<!--'.length);
      const at = token.startOffset + hyphens;
      // In <!-- a ---> the first -- that is found overlaps the closing one.
      if (hyphens < token.image.length - '-->'.length) faults.report('BV0116', at, at + 2, {});
    },
    instruction(token) {
      if (checkClosed(token)) reportInstruction(token, faults);
    },
    doctype,
    declaration(token) {
      faults.report('BV0108', token.startOffset, endOf(token), { start: brief(token.image, 12) });
    },
    stray(token) {
      const start = token.startOffset;
      const end = endOf(token);
      const edit = { span: faults.span(start, end), text: '&lt;'.repeat(Math.min(end - start, 100)) };
      faults.report('BV0118', start, end, {}, { edit });
      list.push({ kind: 'stray', start, end, outerStart: start, outerEnd: end });
    },
    tagTooLong(token) {
      isCutShort = true;
      const values = { tag: brief(token.image), limit: Math.floor(maximumTagTokens / 3) };
      faults.report('BV0140', token.startOffset, endOf(token), values);
    },
    drain() {
      const drained = { list, hasDoctype };
      list = [];
      return drained;
    },
    get isCutShort() {
      return isCutShort;
    },
  };
}
