/** docs/protocol.md says what the tables of the protocol say, and its examples run. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { errorCodes, lineLimit, protocolVersion, rpcCodes } from '../../src/control/protocol.ts';
import { defaultControlLimits } from '../../src/control/server/limits.ts';
import { batchLimit } from '../../src/control/wire-calls.ts';
import { events, states } from '../../src/control/vocabulary.ts';
import { methods, notifications } from '../../src/control/wire-table.ts';
import { wordsOf, type Fields } from '../../src/text/shape.ts';
import { serveFake } from './served.ts';
import { watch } from './cli.ts';

const page = readFileSync(path.join(root, 'docs/protocol.md'), 'utf8');

/** The text below a heading, to the next one of any level. */
function below(heading: string): string {
  const [, rest = ''] = `${page}\n## `.split(`\n${heading}\n`);
  return (rest.split(/\n##+ /)[0] ?? '').replaceAll(/\n(?!\n|\||- |```)/g, ' ').replaceAll(/[ ]{2,}/g, ' ');
}

/** The rows of the tables in a text, without heads. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return cells.filter((row, i) => !/^-+$/.test(row[0] ?? '') && !/^-+$/.test(cells[i + 1]?.[0] ?? ''));
}

const tables = page.split('\n').filter((line) => line.startsWith('|'));

function headings(level: string, from: string): readonly string[] {
  const [, part = ''] = page.split(`\n## ${from}\n`);
  const [own = ''] = part.split(/\n## /);
  return [...own.matchAll(new RegExp(`^${level} (.*)$`, 'gm'))].map(([, name = '']) => name);
}

function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, rest = ''] = page.split(`\n${heading}\n`);
  return rowsOf(rest.split(/\n##+ /)[0] ?? '');
}

test('methods, their parameters and results', () => {
  expect(headings('###', 'Methods')).toEqual(Object.keys(methods));
  const table: Readonly<Record<string, { readonly params: Fields; readonly result: Fields }>> = methods;
  for (const [method, { params, result }] of Object.entries(table)) {
    const rows = Object.entries(params).map(([name, shape]) => [`\`${name}\``, wordsOf(shape)]);
    expect(rowsBelow(`### ${method}`)).toEqual(rows);
    const members = Object.keys(result).map((name) => `\`${name}\``);
    expect(below(`### ${method}`)).toContain(`Result: ${members.length === 0 ? 'nothing' : members.join(', ')}.`);
  }
});

test('notifications, events and states', () => {
  expect(headings('###', 'Notifications')).toEqual(Object.keys(notifications));
  for (const [name, table] of Object.entries(notifications)) {
    const members = Object.keys(table).map((member) => `\`${member}\``);
    expect(below(`### ${name}`)).toContain(`Members: ${members.join(', ')}.`);
  }
  expect(tables).toEqual(expect.arrayContaining([expect.stringMatching(/^\| Event /)]));
  const rows = rowsOf(tables.join('\n'));
  for (const [name, meaning] of Object.entries(events)) expect(rows).toContainEqual([`\`${name}\``, meaning]);
  const active = Object.entries(states).map(([name, isActive]) => [`\`${name}\``, isActive ? 'yes' : 'no']);
  expect(rowsBelow('## States')).toEqual(active);
});

test('errors', () => {
  const rows = rowsBelow('## Errors');
  const [standard, own] = [rows.filter((row) => row.length === 2), rows.filter((row) => row.length === 3)];
  expect(standard.map(([number]) => Number(number))).toEqual(Object.values(rpcCodes));
  const expected = Object.entries(errorCodes).map(([word, number]) => [String(number), `\`${word}\``]);
  expect(own.map(([number, word]) => [number, word])).toEqual(expected);
});

test('version and limits', () => {
  expect(page).toContain(`This is version ${String(protocolVersion)}.`);
  const limits = defaultControlLimits;
  const mib = (bytes: number): string => `${String(bytes / 1024 / 1024)} MiB`;
  expect(rowsBelow('## Limits').map(([, limit]) => limit)).toEqual([
    `${String(lineLimit)} bytes`,
    `${String(limits.lineTime / 1000)} s to its end`,
    String(batchLimit),
    mib(limits.batchBytes),
    String(limits.calls),
    mib(limits.outputBytes),
    String(limits.connections),
    mib(limits.allInputBytes),
    mib(limits.allOutputBytes),
  ]);
});

test('the examples run', async () => {
  const served = await serveFake();
  const examples = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const hasNc = spawnSync('sh', ['-c', 'nc -h 2>&1 | grep -q -- -U']).status === 0;
  const runnable = examples.filter((text) => !text.includes('nc -U') || hasNc);
  expect(runnable.length).toBeGreaterThan(0);
  const { spawn } = await import('node:child_process');
  for (const text of runnable) {
    const script = text.replaceAll('/var/run/bhyvecd/sock', served.file);
    const { out, err } = await watch(spawn('sh', ['-c', script])).ended;
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ id: 1, result: { domains: [{ name: 'db' }, { name: 'web' }] } });
  }
  await served.end();
});
