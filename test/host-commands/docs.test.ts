/** docs/host.md shows what the commands print on a certain host. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram, type Program } from '../cli/program.ts';
import { standingHost, type Standing } from './standing.ts';

const page = readFileSync('docs/host.md', 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text]) => (name === language ? [text ?? ''] : []));

let program: Program;
let standing: Standing;

beforeAll(async () => {
  program = await buildProgram();
  const options = { release: '14.3', bridges: ['vmbr0'], modules: ['vmm'], zvols: ['/dev/zvol/tank/vm/web'] };
  standing = standingHost(options);
});

afterAll(() => {
  standing.dispose();
  program.remove();
});

test('the checks', () => {
  const { status, out } = standing.bhyvec(program, 'host', 'validate');
  expect({ status, out }).toEqual({ status: 0, out: blocks('text')[0] });
});

test('a check as JSON', () => {
  const { checks } = JSON.parse(standing.bhyvec(program, 'host', 'validate', '--format', 'json').out) as {
    checks: unknown[];
  };
  expect(checks).toContainEqual(JSON.parse(blocks('json')[0] ?? ''));
});

test('the profile', () => {
  expect(JSON.parse(standing.bhyvec(program, 'host', 'probe').out)).toEqual(JSON.parse(blocks('json')[1] ?? ''));
});
