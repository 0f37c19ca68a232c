/**
 * The grammar of XML as a flat sequence of tags and texts. Which tag belongs to which is not a matter of grammar (XML
 * 1.0 makes it a constraint of its own, "Element Type Match"): `nest.ts` decides it, without recursion. Mistakes inside
 * a tag have productions here, so that each gets its own words and every sequence of the lexer's tokens is derivable.
 * Because the sequence is flat, a large text is taken slice by slice.
 */
import { EmbeddedActionsParser, type IToken, type Lexer } from 'chevrotain';
import {
  AnyClose,
  AnyValue,
  CData,
  Close,
  Comment,
  createLexer,
  Declaration,
  Doctype,
  EmptyClose,
  EndOpen,
  Equals,
  Instruction,
  Misplaced,
  OpenValue,
  StartOpen,
  Stray,
  Text,
  vocabulary,
  Word,
} from './tokens.ts';
import { scanValue } from './scan.ts';

/** What the parser tells about a text, in the order of the text. */
export interface Events {
  /** Nothing more is wanted; the parser stops. */
  readonly full: boolean;
  openTag(open: IToken): void;
  attribute(name: IToken, equals: IToken | undefined, value: IToken | undefined): void;
  misplaced(token: IToken): void;
  /** `close` is absent where the tag has no `>`. */
  closeStartTag(close: IToken | undefined): void;
  closeEndTag(close: IToken | undefined): void;
  text(token: IToken): void;
  cdata(token: IToken): void;
  comment(token: IToken): void;
  instruction(token: IToken): void;
  doctype(token: IToken): void;
  declaration(token: IToken): void;
  stray(token: IToken): void;
  /** The tag that starts here has more tokens than are read; nothing follows. */
  tagTooLong(open: IToken): void;
}

const nothing = (): void => undefined;
/** For the time in which chevrotain records the rules: it then runs them without a text. */
const recording: Events = {
  full: false,
  openTag: nothing,
  attribute: nothing,
  misplaced: nothing,
  closeStartTag: nothing,
  closeEndTag: nothing,
  text: nothing,
  cdata: nothing,
  comment: nothing,
  instruction: nothing,
  doctype: nothing,
  declaration: nothing,
  stray: nothing,
  tagTooLong: nothing,
};

interface Alternative {
  readonly ALT: () => void;
}

class XmlParser extends EmbeddedActionsParser {
  events: Events = recording;

  readonly document = this.RULE('document', () => {
    this.MANY({
      GATE: () => !this.events.full,
      DEF: () => {
        this.OR(this.contents);
      },
    });
  });

  private readonly startTag = this.RULE('startTag', () => {
    this.events.openTag(this.CONSUME(StartOpen));
    this.MANY(this.anyInTag);
    this.events.closeStartTag(this.OPTION(this.close));
  });

  private readonly endTag = this.RULE('endTag', () => {
    this.events.openTag(this.CONSUME(EndOpen));
    this.MANY(this.anyInTag);
    this.events.closeEndTag(this.OPTION(this.close));
  });

  private readonly attribute = this.RULE('attribute', () => {
    const name = this.CONSUME(Word);
    const equals = this.OPTION1(this.equals);
    const value = this.OPTION2(this.value);
    this.events.attribute(name, equals, value);
  });

  // The alternatives are made once, not anew for each tag.
  private readonly close = (): IToken => this.CONSUME(AnyClose);
  private readonly anyInTag = (): void => {
    this.OR(this.inTag);
  };
  private readonly equals = (): IToken => this.CONSUME(Equals);
  private readonly value = (): IToken => this.CONSUME(AnyValue);
  private readonly inTag: Alternative[] = [
    {
      ALT: () => {
        this.SUBRULE(this.attribute);
      },
    },
    {
      ALT: () => {
        this.events.misplaced(this.CONSUME(Misplaced));
      },
    },
  ];
  private readonly contents: Alternative[] = [
    {
      ALT: () => {
        this.SUBRULE(this.startTag);
      },
    },
    {
      ALT: () => {
        this.events.text(this.CONSUME(Text));
      },
    },
    {
      ALT: () => {
        this.SUBRULE(this.endTag);
      },
    },
    {
      ALT: () => {
        this.events.comment(this.CONSUME(Comment));
      },
    },
    {
      ALT: () => {
        this.events.cdata(this.CONSUME(CData));
      },
    },
    {
      ALT: () => {
        this.events.instruction(this.CONSUME(Instruction));
      },
    },
    {
      ALT: () => {
        this.events.doctype(this.CONSUME(Doctype));
      },
    },
    {
      ALT: () => {
        this.events.declaration(this.CONSUME(Declaration));
      },
    },
    {
      ALT: () => {
        this.events.stray(this.CONSUME(Stray));
      },
    },
  ];

  constructor(validate: boolean) {
    super(vocabulary, { maxLookahead: 1, recoveryEnabled: false, skipValidations: !validate });
    this.performSelfAnalysis();
  }
}

/** A lexer and a parser for many texts, one after the other. */
export interface Grammar {
  /**
   * Tells the events of a text. `pause` is called between slices of a large text and at the end, and says whether to
   * go on. Gives false if chevrotain itself found an error, which the grammar leaves no room for.
   */
  run(text: string, events: Events, pause: () => boolean): boolean;
}

/** How much of a text is taken at once: of a large text, tokens and parts would otherwise live as long as the tree. */
const usualSliceLength = 16_384;

/** How many tokens one tag may have; an attribute has three. */
export const maximumTagTokens = 30_000;

/** Makes lexer and parser; with `validate`, chevrotain looks for mistakes in the grammar, which takes its time. */
export function createGrammar(validate: boolean, sliceLength = usualSliceLength): Grammar {
  const lexer: Lexer = createLexer(validate);
  const parser = new XmlParser(validate);

  function parse(tokens: IToken[], events: Events): boolean {
    parser.input = tokens;
    parser.events = events;
    parser.document();
    const isDerived = parser.errors.length === 0 || events.full;
    parser.input = [];
    parser.events = recording;
    return isDerived;
  }

  return {
    run(text, events, pause) {
      let length = sliceLength;
      let from = 0;
      let goesOn = true;
      while (from < text.length && !events.full && goesOn) {
        const isLast = from + length >= text.length;
        const { tokens, errors } = lexer.tokenize(isLast && from === 0 ? text : text.slice(from, from + length));
        for (const token of tokens) token.startOffset += from;
        const certain = isLast ? tokens.length : certainTokens(tokens, text);
        const cut = isLast ? certain : lastCut(tokens, certain);
        const [first] = tokens;
        if (cut === 0 && !isLast && first !== undefined && certain > maximumTagTokens) {
          events.tagTooLong(first);
          pause();
          return true;
        }
        if (cut === 0 && !isLast) {
          length *= 2;
          continue;
        }
        // The next slice begins with the first token that is cut off; if there is none, right behind a tag.
        const end = tokens[cut - 1];
        const next = tokens[cut]?.startOffset ?? (end === undefined ? 0 : end.startOffset + end.image.length);
        from = isLast ? text.length : next;
        tokens.length = cut;
        if (errors.length > 0 || !parse(tokens, events)) return false;
        goesOn = pause();
        length = sliceLength;
      }
      return true;
    },
  };
}

/**
 * How many tokens of a slice are sure to be those of the whole text (the last of them aside): up to a quote that has its
 * partner only behind the slice.
 */
function certainTokens(tokens: readonly IToken[], text: string): number {
  const doubtful = tokens.findIndex(
    (token) => token.tokenType === OpenValue && scanValue(text, token.startOffset) >= 0,
  );
  let count = doubtful < 0 ? tokens.length : doubtful;
  // Where a run of < ends depends on what follows it.
  while (tokens[count - 1]?.tokenType === Stray) count -= 1;
  return count;
}

/** The last place before which all tags are complete, or will not become so: there the text can be taken apart. */
function lastCut(tokens: readonly IToken[], certain: number): number {
  let cut = 0;
  let isInTag = false;
  for (let index = 0; index < certain; index++) {
    const type = tokens[index]?.tokenType;
    const isOpening = type === StartOpen || type === EndOpen;
    if (isOpening || !isInTag) cut = index;
    const isClosing = type === Close || type === EmptyClose;
    isInTag = isOpening || (isInTag && !isClosing);
    if (isClosing) cut = index + 1;
  }
  return cut;
}
