/** Variables in XML: what is filled, what is not, and that no value is ever markup. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReporter, type Diagnostic } from '../diagnostics/reporter.ts';
import type { Filled, SourceFile } from '../diagnostics/source.ts';
import { filledText, fillVariables, type Variable } from './variables.ts';
import { parseXml } from './xml/parse.ts';
import { childElements, textOf, type XmlElement } from './xml/tree.ts';

const project: SourceFile = { name: 'bhyvec.json', text: '{"x": 1}' };

interface Result {
  readonly root: XmlElement;
  readonly source: SourceFile;
  readonly filled: readonly Filled[];
  readonly diagnostics: readonly Diagnostic[];
}

function fill(text: string, values: Readonly<Record<string, string>>): Result {
  const filled: Filled[] = [];
  const source: SourceFile = { name: 'guest.xml', text, filled: () => filled };
  const reporter = createReporter({ strict: false });
  const at = { source: project, start: 6, end: 7 };
  const variables = new Map(
    Object.entries(values).map(([name, value]): [string, Variable] => [name, { text: value, at, keyAt: at }]),
  );
  const root = parseXml(source, reporter);
  if (root === null) throw new Error('no tree');
  return { root: fillVariables(root, variables, filled, reporter), source, filled, diagnostics: reporter.diagnostics };
}

function found(text: string, values: Readonly<Record<string, string>> = { x: '1', longer: '2' }): readonly string[] {
  return fill(text, values).diagnostics.map(({ code, span, edit, help }) => {
    const mended = edit === null ? (help ?? '') : edit.text;
    return `${code} |${text.slice(span.start, span.end)}| ${mended}`;
  });
}

test('texts and attributes are filled, as often as a variable comes; all else is the same tree', () => {
  const { root, filled, diagnostics } = fill("<a n='${x}-${x}${y.z}' m='$5 $$'>${x}<b/><!-- ${no} --> t${y.z}</a>", {
    x: '1',
    'y.z': '',
  });
  expect(diagnostics).toEqual([]);
  expect(root.attributes.map(({ value }) => value)).toEqual(['1-1', '$5 $$']);
  expect(textOf(root)).toBe('1 t');
  expect(filled.map(({ used }) => used.map(({ name }) => name))).toEqual([['x', 'x', 'y.z'], ['x'], ['y.z']]);
  const plain = fill("<a n='1'><b/></a>", { x: '1' });
  expect(plain.filled).toEqual([]);
});

test('what looks like a variable and is meant as it stands', () => {
  const { root, diagnostics } = fill("<a n='$${x} $$${x} ${x}$${y' >$${x}</a>", { x: '1' });
  expect(diagnostics).toEqual([]);
  expect(root.attributes[0]?.value).toBe('${x} $${x} 1${y');
  expect(textOf(root)).toBe('${x}');
});

test('what is no variable is told at its place', () => {
  expect(found("<a n='/vm/${longre}.img'/>")).toEqual(['BV1050 |${longre}| ${longer}']);
  expect(found('<a>${zzz}</a>')).toEqual([
    'BV1050 |${zzz}| add it to "variables" in the project file (it has x, longer), or write $${ for ${',
  ]);
  expect(found('<a>${zzz}</a>', {})[0]).toContain('(it has none)');
  for (const one of ['${}', '${ x }', '${x:-1}', '${x.y z}', '${X+1}', '${1}']) {
    expect(found(`<a>v${one}</a>`)).toEqual([
      `BV1051 |${one}| a name is looked up and nothing is computed; write $\${ where \${ is meant`,
    ]);
  }
  for (const one of ['${x', '${', '${x{y}'])
    expect(found(`<a>${one}</a>`)[0]).toMatch(/^BV1051 \|\$\{[x]?\| close the brace/);
  expect(found("<a passwd='a${x}'/>")[0]).toMatch(/^BV1057 \|\$\{x\}\|/);
  expect(found("<a value='-s,5,fbuf,password=${x}'/>")[0]).toMatch(/^BV1057 /);
  expect(found("<a value='password=no,tcp=${x}'/>")).toEqual([]);
});

test('descriptions and metadata are for others: what is no variable stays', () => {
  const text = '<a><description>${x} ${HOME} $${x}</description><metadata><m v="${x:-1}">${x}</m></metadata></a>';
  const { root, diagnostics } = fill(text, { x: '1' });
  expect(diagnostics).toEqual([]);
  const [description, metadata] = childElements(root);
  expect(textOf(description ?? root)).toBe('1 ${HOME} $${x}');
  expect(metadata).toMatchObject({ children: [{ attributes: [{ value: '${x:-1}' }], children: [{ text: '1' }] }] });
});

test('a finding about a value shows the XML, and where the value comes from', () => {
  const { root, source } = fill("<a n='/vm/${x}.img'/>", { x: '<much longer>' });
  const reporter = createReporter({ strict: false });
  const value = root.attributes[0]?.valueSpan ?? root.span;
  const edit = { span: value, text: 'other' };
  // A place within the value, as a reader counts it, is past the end of what stands in the XML.
  reporter.report(
    'BV0110',
    { source, start: value.start + 4, end: value.start + 18 },
    { character: 'U+0001' },
    { edit },
  );
  expect(reporter.diagnostics).toMatchObject([
    {
      span: { start: value.start, end: value.end },
      edit: null,
      notes: [{ span: { source: project, start: 6, end: 7 }, text: 'the value of the variable x' }],
    },
  ]);
  reporter.report('BV0110', root.nameSpan, { character: 'U+0002' }, { edit: { span: root.nameSpan, text: 'b' } });
  expect(reporter.diagnostics[1]).toMatchObject({ notes: [], edit: { text: 'b' } });
});

test('whatever a value holds, it is text in its place, for readers without variables too', () => {
  const value = fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', 'a', ' ', '&amp;', '-->', '\u00e9', '\t'),
  });
  fc.assert(
    fc.property(value, value, (one, other) => {
      const text =
        '<a n="${one}${other}" m=\'x${other}\'>${one}<!-- ${one} --><b><![CDATA[${other}]]>&#36;{one}</b></a>';
      const { root, source, diagnostics } = fill(text, { one, other });
      expect(diagnostics).toEqual([]);
      const check = (tree: XmlElement): void => {
        expect(tree.attributes.map((attribute) => attribute.value)).toEqual([one + other, `x${other}`]);
        expect(textOf(tree)).toBe(one);
        expect(childElements(tree).map(textOf)).toEqual([other + one]);
      };
      check(root);
      const again = parseXml({ name: 'filled.xml', text: filledText(source) }, createReporter({ strict: false }));
      expect(again).not.toBeNull();
      if (again !== null) check(again);
    }),
  );
});
