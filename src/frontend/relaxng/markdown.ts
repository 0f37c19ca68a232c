/** The documentation in a grammar as one Markdown page of nested lists: docs/domain-xml.md. */
import { invariant } from '../../diagnostics/invariant.ts';
import { degrees, type DegreeRule } from './degree.ts';
import { shownName } from './expect.ts';
import { valuesOf } from './grammar-values.ts';
import type { Define, Grammar, Rng } from './grammar.ts';
import type { NameClass } from './patterns.ts';

/** How often a part may stand there. */
type Times = 'required' | 'optional' | 'repeatable' | 'at least once';

type Attribute = Extract<Rng, { readonly kind: 'attribute' }>;

/** The grammar, and the file whose section is written. */
interface Place {
  readonly grammar: Grammar;
  readonly file: string;
}

/** Writes the page. */
export function documentGrammar(grammar: Grammar): string {
  const sections = [...grammar.files].map(([file, documentation]) => section(grammar, file, documentation));
  return [
    '# The domain XML that bhyvec reads',
    '',
    'Every element and attribute of the grammar: where it stands, how often, what values it takes and what it is for.',
    'The page is made from the grammar in `src/frontend/schema/*.rng` by `npm run generate`; change it there.',
    '',
    'What is indented stands in the element above it; `name=` is an attribute. Child elements come in any order. "If',
    "`type='x'`\" begins what goes with that value only.",
    '',
    'The word in italics is the degree: what it means that a part comes to nothing. A degree of some values names them.',
    'Where bhyve or FreeBSD could do it and bhyvec does not, that is said beside it.',
    'Under `--compat libvirt` the errors of a degree are warnings, because libvirt drops such parts.',
    '',
    ...Object.entries(degrees).map(([degree, meaning]) => `- *${degree}*: ${meaning}.`),
    ...sections,
    '',
  ].join('\n');
}

function section(grammar: Grammar, file: string, documentation: string): string {
  const parts = [...grammar.defines].flatMap(([name, define]) => {
    if (define.file !== file || !isStructure(grammar, define.pattern)) return [];
    const heading = define.pattern.kind === 'element' ? [] : [`### ${name}`, ''];
    return [[...heading, ...lines({ grammar, file }, define.pattern, '', null)].join('\n')];
  });
  return parts.length === 0 ? '' : ['', `## ${titleOf(file)}`, '', documentation, '', parts.join('\n\n')].join('\n');
}

function titleOf(file: string): string {
  return file.replace(/\.rng$/, '');
}

/** The list items of a pattern; `times` is null where it is not to be told. */
function lines(place: Place, pattern: Rng, indent: string, times: Times | null): readonly string[] {
  const inner = (p: Rng, t: Times | null): readonly string[] => lines(place, p, indent, t);
  const { grammar } = place;
  switch (pattern.kind) {
    case 'choice':
      return pattern.items.flatMap(
        (item) => alternative(place, item, indent) ?? inner(item, times === 'required' ? 'optional' : times),
      );
    case 'group':
    case 'interleave':
      return pattern.items.flatMap((item) => inner(item, times));
    case 'optional':
      return inner(pattern.item, times === 'required' ? 'optional' : times);
    case 'zeroOrMore':
      return inner(pattern.item, 'repeatable');
    case 'oneOrMore':
      return inner(pattern.item, 'at least once');
    case 'ref': {
      const define = defineOf(grammar, pattern.name);
      return isStructure(grammar, define.pattern) ? [reference(place, pattern.name, indent, times)] : [];
    }
    case 'element':
    case 'attribute': {
      const name = nameOf(pattern.names);
      const tag = pattern.kind === 'element' ? `\`<${name}>\`` : `\`${name}=\``;
      const facts = [times ?? '', valuesOf(grammar, pattern.item)].filter((fact) => fact !== '').join('; ');
      const told = `${facts === '' ? '' : ` (${facts})`}: ${plain(pattern.documentation)} ${degreeOf(pattern.degrees)}`;
      const line = `${indent}- ${tag}${told}`;
      return pattern.kind === 'element' ? [line, ...lines(place, pattern.item, `${indent}  `, 'required')] : [line];
    }
    default:
      return [];
  }
}

/** An alternative that an attribute's value decides for: that attribute, and below it what goes with it. */
function alternative(place: Place, pattern: Rng, indent: string): readonly string[] | null {
  if (pattern.kind === 'ref') {
    const { pattern: target } = defineOf(place.grammar, pattern.name);
    return target.kind === 'group' ? alternative(place, target, indent) : null;
  }
  const items = pattern.kind === 'group' ? pattern.items : [pattern];
  const [first, ...rest] = items;
  const isOptional = first?.kind === 'optional';
  const decides = isOptional ? first.item : first;
  const words = decides?.kind === 'attribute' ? wordsOf(decides) : [];
  if (decides?.kind !== 'attribute' || words.length === 0) return null;
  const name = nameOf(decides.names);
  const values = words.map((word) => `\`${name}='${word}'\``).join(' or ');
  const line = `${indent}- If ${values}${isOptional ? `, or without \`${name}=\`` : ''}: ${plain(decides.documentation)} ${degreeOf(decides.degrees)}`;
  return [line, ...rest.flatMap((item) => lines(place, item, `${indent}  `, 'required'))];
}

/** The words of an attribute that has no other values, in the grammar's order. */
function wordsOf(attribute: Attribute): readonly string[] {
  const items = attribute.item.kind === 'choice' ? attribute.item.items : [attribute.item];
  const words = items.flatMap((item) => (item.kind === 'value' ? [item.text] : []));
  return words.length === items.length ? words : [];
}

function reference(place: Place, name: string, indent: string, times: Times | null): string {
  const { pattern, file } = defineOf(place.grammar, name);
  if (pattern.kind !== 'element') return `${indent}- what [${name}](#${name.toLowerCase()}) says`;
  const told = times === null ? '' : ` (${times})`;
  const title = titleOf(file);
  const see = file === place.file ? '' : ` See [${title}](#${title}).`;
  return `${indent}- \`<${nameOf(pattern.names)}>\`${told}: ${plain(pattern.documentation)}${see}`;
}

/** `*nothing* for no, else *limit*`. */
function degreeOf(rules: readonly DegreeRule[]): string {
  const told = rules.map(({ degree, of, notYet }, i) => {
    const word = degree === 'inherit' ? 'as the element' : `*${degree}*${notYet ? ' (bhyvec cannot yet)' : ''}`;
    return of.length > 0 ? `${word} for \`${of.join('`, `')}\`` : i > 0 ? `else ${word}` : word;
  });
  return `${told.join(', ')}.`;
}

/** Documentation as Markdown: tags in it are text. */
function plain(text: string): string {
  return text.replace(/[<*_]/g, '\\$&');
}

function defineOf(grammar: Grammar, name: string): Define {
  const found = grammar.defines.get(name);
  invariant(found !== undefined, `the grammar has no define ${name}`);
  return found;
}

/** Tells whether a pattern holds elements or attributes. */
function isStructure(grammar: Grammar, pattern: Rng): boolean {
  switch (pattern.kind) {
    case 'element':
    case 'attribute':
      return true;
    case 'choice':
    case 'group':
    case 'interleave':
      return pattern.items.some((item) => isStructure(grammar, item));
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
      return isStructure(grammar, pattern.item);
    case 'ref':
      return isStructure(grammar, defineOf(grammar, pattern.name).pattern);
    default:
      return false;
  }
}

function nameOf(names: NameClass): string {
  if (names.kind === 'choice') return names.items.map(nameOf).join('|');
  return names.kind === 'name' ? shownName(names) : 'any name';
}
