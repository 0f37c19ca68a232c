/** The documentation in a grammar as one Markdown page: docs/domain-xml.md. */
import { invariant } from '../../diagnostics/invariant.ts';
import { expectedWords } from './grammar-values.ts';
import type { Grammar, Rng, RngElement } from './grammar.ts';
import type { NameClass } from './patterns.ts';

interface Row {
  readonly what: string;
  readonly times: string;
  readonly values: string;
  readonly text: string;
}

/** How often a part may stand there. */
type Times = 'once' | 'may be left out' | 'any number' | 'at least once';

/** Writes the page. */
export function documentGrammar(grammar: Grammar): string {
  const sections = [...grammar.files].map(([file, documentation]) => section(grammar, file, documentation));
  return [
    '# The domain XML that bhyvec reads',
    '',
    'Every element and attribute of the grammar, each with its place, how often it may stand there, what values it takes',
    'and what it is for. Child elements may come in any order. The page is made from the grammar in',
    '`src/frontend/schema/*.rng` by `npm run generate`; change it there.',
    '',
    'An indented element stands in the one above it; `name=` is an attribute. "See ..." names the section that describes an',
    'element, or a group of attributes and elements, which several elements share.',
    ...sections.filter((text) => text !== '').map((text) => `\n${text}`),
    '',
  ].join('\n');
}

function section(grammar: Grammar, file: string, documentation: string): string {
  const own = [...grammar.defines].filter(([, define]) => define.file === file);
  const tables = own.flatMap(([name, define]) => {
    const rows: Row[] = [];
    collect(grammar, file, define.pattern, 0, 'once', rows, true);
    if (rows.length === 0) return [];
    const heading = define.pattern.kind === 'element' ? [] : [`\nShared by several elements: \`${name}\`\n`];
    return [
      [...heading, '| element or attribute | times | values | |', '| --- | --- | --- | --- |', ...rows.map(line)].join(
        '\n',
      ),
    ];
  });
  if (tables.length === 0) return '';
  return [`## ${titleOf(file)}`, '', documentation, '', tables.join('\n\n')].join('\n');
}

function line(row: Row): string {
  return `| ${row.what} | ${row.times} | ${row.values.replaceAll('|', '\\|')} | ${row.text.replaceAll('|', '\\|')} |`;
}

function titleOf(file: string): string {
  return file.replace(/\.rng$/, '');
}

/** Adds the rows of a pattern; a define of another file, or one that is shared, is only named. */
function collect(
  grammar: Grammar,
  file: string,
  pattern: Rng,
  depth: number,
  times: Times,
  rows: Row[],
  isTop: boolean,
): void {
  const add = (inner: Rng, times_: Times): void => {
    collect(grammar, file, inner, depth, times_, rows, false);
  };
  const indent = '&nbsp;&nbsp;&nbsp;'.repeat(depth);
  switch (pattern.kind) {
    case 'choice':
      for (const item of pattern.items) add(item, times);
      return;
    case 'group':
    case 'interleave':
      for (const item of pattern.items) add(item, times);
      return;
    case 'optional':
      add(pattern.item, times === 'once' ? 'may be left out' : times);
      return;
    case 'zeroOrMore':
      add(pattern.item, 'any number');
      return;
    case 'oneOrMore':
      add(pattern.item, 'at least once');
      return;
    case 'ref': {
      const found = grammar.defines.get(pattern.name);
      invariant(found !== undefined, `no define ${pattern.name}`);
      if (!isStructure(grammar, found.pattern, new Set())) return;
      const target = titleOf(found.file);
      const what = found.pattern.kind === 'element' ? `\`<${nameOf(found.pattern.names)}>\`` : `\`${pattern.name}\``;
      rows.push({ what: indent + what, times, values: '', text: `See [${target}](#${target}).` });
      return;
    }
    case 'element':
      rows.push(elementRow(grammar, pattern, indent, isTop ? '' : times));
      collect(grammar, file, pattern.item, depth + 1, 'once', rows, false);
      return;
    case 'attribute':
      rows.push({
        what: `${indent}\`${nameOf(pattern.names)}=\``,
        times,
        values: expectedWords(grammar, pattern.item),
        text: pattern.documentation,
      });
      return;
    default:
      return;
  }
}

function elementRow(grammar: Grammar, pattern: RngElement, indent: string, times: string): Row {
  return {
    what: `${indent}\`<${nameOf(pattern.names)}>\``,
    times,
    values: expectedWords(grammar, pattern.item),
    text: pattern.documentation,
  };
}

/** Tells whether a pattern holds elements or attributes. */
function isStructure(grammar: Grammar, pattern: Rng, open: Set<string>): boolean {
  switch (pattern.kind) {
    case 'element':
    case 'attribute':
      return true;
    case 'choice':
    case 'group':
    case 'interleave':
      return pattern.items.some((item) => isStructure(grammar, item, open));
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
      return isStructure(grammar, pattern.item, open);
    case 'ref': {
      const found = grammar.defines.get(pattern.name);
      return found !== undefined && isStructure(grammar, found.pattern, open);
    }
    default:
      return false;
  }
}

function nameOf(names: NameClass): string {
  if (names.kind === 'name') return names.local;
  return names.kind === 'choice' ? names.items.map(nameOf).join('|') : 'any name';
}
