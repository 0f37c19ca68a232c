/** Code frames: what is underlined, what is left out, and that no input can break the terminal. */
import { expect, test } from 'vitest';
import { displayWidth, printable } from './printable.ts';
import { renderDiagnostic, renderSummary, type Palette } from './render.ts';
import type { Diagnostic } from './reporter.ts';
import type { SourceFile, Span } from './source.ts';

/** The span of the n-th occurrence of a piece of the source. */
function spanOf(source: SourceFile, piece: string, occurrence = 1): Span {
  let start = -1;
  for (let i = 0; i < occurrence; i++) start = source.text.indexOf(piece, start + 1);
  return { source, start, end: start + piece.length };
}

function finding(span: Span, details: Partial<Diagnostic> = {}): Diagnostic {
  const fixed = { code: 'BV0101', name: 'not-well-formed', severity: 'error', message: 'found' } as const;
  return { ...fixed, span, label: 'here', help: null, notes: [], edit: null, ...details };
}

function lines(diagnostic: Diagnostic): readonly string[] {
  return renderDiagnostic(diagnostic).trimEnd().split('\n');
}

const guest: SourceFile = {
  name: 'guest.xml',
  text: [
    '<domain>',
    '  <devices>',
    "    <interface type='bridge'>",
    "      <mac adress='52:54:00:00:00:01'/>",
    '    </interface>',
    "    <disk slot='1'/>",
    '    <!-- one -->',
    '    <!-- two -->',
    "    <disk slot='1'/>",
    '  </devices>',
    '</domain>',
  ].join('\n'),
};

test('a finding with help and an edit', () => {
  const span = spanOf(guest, 'adress');
  const shown = lines(finding(span, { help: 'did you mean address?', edit: { span, text: 'address' } }));
  expect(shown).toEqual([
    'guest.xml:4:12: error[BV0101 not-well-formed]: found',
    "4 |       <mac adress='52:54:00:00:00:01'/>",
    '  |            ^^^^^^ here',
    '  = help: did you mean address?',
    "    - <mac adress='52:54:00:00:00:01'/>",
    "    + <mac address='52:54:00:00:00:01'/>",
  ]);
});

test('a near note shares the frame, with the gap between', () => {
  const notes = [{ span: spanOf(guest, "'1'", 1), text: 'taken here' }];
  expect(lines(finding(spanOf(guest, "'1'", 2), { notes }))).toEqual([
    'guest.xml:9:16: error[BV0101 not-well-formed]: found',
    "6 |     <disk slot='1'/>",
    '  |                --- taken here',
    '...',
    "9 |     <disk slot='1'/>",
    '  |                ^^^ here',
  ]);
});

test('a far note and a note in another file have frames of their own', () => {
  const host: SourceFile = { name: 'host.json', text: '{ "release": "13.0" }' };
  const text = `<a/>${'\n'.repeat(120)}<b/>`;
  const source: SourceFile = { name: 'x.xml', text };
  const notes = [
    { span: spanOf(source, 'a'), text: 'first' },
    { span: spanOf(host, '"13.0"'), text: 'the host is this one' },
  ];
  expect(lines(finding(spanOf(source, 'b'), { notes, label: null }))).toEqual([
    'x.xml:121:2: error[BV0101 not-well-formed]: found',
    '121 | <b/>',
    '    |  ^',
    '    = x.xml:1:2: note: first',
    '  1 | <a/>',
    '    |  -',
    '    = host.json:1:14: note: the host is this one',
    '  1 | { "release": "13.0" }',
    '    |              ------',
  ]);
});

test('several marks in one line', () => {
  const source: SourceFile = { name: 'x.xml', text: "<disk a='1' a='2'/>" };
  const notes = [{ span: spanOf(source, 'a', 1), text: 'first' }];
  expect(lines(finding(spanOf(source, 'a', 2), { notes })).slice(1)).toEqual([
    "1 | <disk a='1' a='2'/>",
    '  |             ^ here',
    '  |       - first',
  ]);
});

test('a span of many lines is marked in its first', () => {
  expect(lines(finding(spanOf(guest, guest.text.slice(guest.text.indexOf('<devices'))))).slice(1)).toEqual([
    '2 |   <devices>',
    '  |   ^^^^^^^^^ here',
  ]);
});

test('tabs, wide characters and combining marks keep the underline in place', () => {
  const source: SourceFile = { name: 'x.xml', text: '\t<title>\u65e5\u672c e\u0301</title><on_rebot/>' };
  const [, line = '', mark = ''] = lines(finding(spanOf(source, 'on_rebot')));
  expect(displayWidth(line.slice(0, line.indexOf('on_rebot')))).toBe(mark.indexOf('^'));
});

test('control characters and bidirectional controls are escaped', () => {
  const source: SourceFile = { name: 'a\u001b[31m.xml', text: '<a b="\u202e\u001b]0;x\u0007\u009b"/>' };
  const text = renderDiagnostic(
    finding(spanOf(source, 'b='), { message: 'bad \u001b[2J\nnext', help: '\r', label: '\u0007' }),
  );
  expect(text).not.toMatch(/[^\n -~]/);
  expect(text).toContain('\\x1b]0;x\\x07\\x9b');
  expect(text).toContain('\\u{202e}');
  expect(text.split('\n')[0]).toBe('a\\x1b[31m.xml:1:4: error[BV0101 not-well-formed]: bad \\x1b[2J\\x0anext');
});

test('a very long line is shown through a window', () => {
  const text = `${'<a/>'.repeat(500_000)}<here/>${'<b/>'.repeat(500_000)}`;
  const source: SourceFile = { name: 'x.xml', text };
  const [, line = '', mark = ''] = lines(finding(spanOf(source, 'here')));
  expect(line.length).toBeLessThan(120);
  expect(line).toContain('...');
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('here');
});

test('two far places of one long line are shown apart', () => {
  const source: SourceFile = { name: 'x.xml', text: `<one/>${'<a/>'.repeat(100)}<two/>` };
  const notes = [{ span: spanOf(source, 'one'), text: 'first' }];
  const shown = lines(finding(spanOf(source, 'two'), { notes }));
  expect(shown.filter((line) => line.startsWith('1 |'))).toHaveLength(2);
  expect(shown.filter((line) => line.includes('---'))).toHaveLength(1);
});

test('the end of the text can be marked; of an empty text nothing is shown', () => {
  const end: SourceFile = { name: 'x.xml', text: '<a>\n' };
  expect(lines(finding({ source: end, start: 4, end: 4 })).slice(1)).toEqual(['2 |', '  | ^ here']);
  const empty: SourceFile = { name: 'x.xml', text: '' };
  expect(lines(finding({ source: empty, start: 0, end: 0 })).slice(1)).toEqual([]);
});

test('an edit that removes a line, and one that adds lines', () => {
  const gone = spanOf(guest, '    <!-- one -->');
  expect(lines(finding(gone, { edit: { span: gone, text: '' } })).slice(3)).toEqual(['    - <!-- one -->']);
  const at = { source: guest, start: guest.text.indexOf('    <disk'), end: guest.text.indexOf('    <disk') };
  expect(lines(finding(at, { edit: { span: at, text: '    <x/>\n' } })).slice(3)).toEqual([
    "    - <disk slot='1'/>",
    '    + <x/>',
    "    + <disk slot='1'/>",
  ]);
});

test('colours are asked of the palette', () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const names = ['bold', 'dim', 'red', 'yellow', 'blue', 'cyan', 'green'] as const;
  const [bold, dim, red, yellow, blue, cyan, green] = names.map(tag);
  const palette = { bold, dim, red, yellow, blue, cyan, green } as Palette;
  const text = renderDiagnostic(finding(spanOf(guest, 'adress'), { severity: 'warning' }), palette);
  expect(text).toContain('<bold><yellow>warning[BV0101 not-well-formed]</yellow></bold>');
  expect(text).toContain('<yellow>^^^^^^</yellow> <yellow>here</yellow>');
});

test('the summary counts', () => {
  const none = { errors: 0, warnings: 0, notes: 0, filesWithFindings: 0, files: 1 };
  expect(renderSummary(none)).toBe('no mistakes in 1 file\n');
  expect(renderSummary({ ...none, errors: 3, warnings: 1, filesWithFindings: 2, files: 2 })).toBe(
    '3 errors, 1 warning in 2 files\n',
  );
  expect(renderSummary({ ...none, errors: 1, filesWithFindings: 1, files: 10 })).toBe('1 error in 1 of 10 files\n');
});

test('printable text and its width', () => {
  expect(printable('\ud800x')).toBe('\\u{d800}x');
  expect(printable('\u{1f600}')).toBe('\u{1f600}');
  expect(displayWidth('\u{1f600}a\u0301')).toBe(3);
});
