/**
 * Each field of a plan.json with each kind of mistake: a diagnostic, exit status 1, and never a bug of ours (70); nothing
 * that a plan says moves the cursor of the terminal.
 */
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { planBackend } from '../../src/backends/plan-file/emit.ts';
import { readPlan } from '../../src/backends/plan-file/read.ts';
import { runRun } from '../../src/cli/run/run.ts';
import { compile } from '../../src/compile/compile.ts';
import { printable } from '../../src/diagnostics/printable.ts';
import { plain } from '../../src/diagnostics/render.ts';
import type { Terminal } from '../../src/system/terminal.ts';
import { size } from '../full.ts';
import { guestXml, planOf, profileOf } from '../launcher/guests.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-plan-'));
const file = path.join(folder, 'plan.json');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Json = Readonly<Record<string, unknown>>;

const vnc = "<graphics type='vnc' port='-1'/><video><model type='gop'/></video>";
const tcp = "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='7000'/><protocol type='raw'/></serial>";
const samples = [
  planOf(guestXml({ nics: 2, devices: vnc + tcp }), 'freebsd-15.1'),
  planOf(guestXml({ boot: 'grub', features: '' }), 'freebsd-13.2'),
].map((plan) => JSON.parse(planBackend.emit(plan)[0]?.text ?? '') as Json);

const flags = { dryRun: true, target: 'freebsd-15.1', schema: 'error' } as const;

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** What `bhyvec run --dry-run plan.json` says; the launcher is made as well, as a run makes it. */
async function outcomeOf(text: string): Promise<Outcome> {
  writeFileSync(file, text);
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (line) => Promise.resolve(void out.push(line)),
    err: (line) => void err.push(line),
    outPalette: plain,
    errPalette: plain,
    doing: null,
  };
  const status = await runRun(file, flags, terminal);
  const read = readPlan(text, () => null);
  expect(read.ok).toBe(status === 0);
  if (read.ok) expect(launcher.emit(read.plan)[0]?.text).toMatch(/^#!/);
  return { status, out: out.join(''), err: err.join('') };
}

/** Nothing but lines of text, and after a mistake one sentence. */
function looksWell({ status, out, err }: Outcome): void {
  for (const line of [...out.split('\n'), ...err.split('\n')]) expect(line).toBe(printable(line));
  expect(status === 0 ? err : out).toBe('');
  if (status === 0) return;
  expect(status).toBe(1);
  expect(err).toMatch(/^bhyvec: [^\n]*plan[.]json: this is no plan that can be run: [^\n]{1,200}\n$/);
}

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

/** The texts of JSON that stand in place of a field's; null where the field is missing. */
const mistakes: readonly (string | null)[] = [
  null, 'null', 'true', '0', '-1', '1.5', '1e300', '9007199254740993', '""', '"\\u0000"', '"\\u001b[2J\\r\\n\\u202e"', '"\\ud800"',
  '"x: 1"', '"guest.xml:4194305"', '"guest.xml:99999999"', '[]', '{}', '[null]', '[{}]', '{"__proto__":1}', '{"from":{"from":"a:1"}}',
  '"port"', '"secrets-file"', '"destroy"', '"../../../etc"', '65535', '65536', '6000', nested(20_000), `${'{"from":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  JSON.stringify('long '.repeat(20_000)),
]; // prettier-ignore

/** The ways to all fields, those of the inside too. */
function waysIn(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, part]) => waysIn(part, [...way, key]))];
}

/** The text of the JSON with another text at that place. */
function spoilt(value: unknown, [key, ...rest]: readonly string[], by: string | null): string | null {
  if (key === undefined) return by;
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).flatMap(([name, part]) => {
    const text = name === key ? spoilt(part, rest, by) : JSON.stringify(part);
    return text === null ? [] : [isList ? text : `${JSON.stringify(name)}:${text}`];
  });
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

/** Whether a value can never stand for another: they are of different kinds, and neither is null. */
function isOfAnotherKind(value: unknown, by: string): boolean {
  const kindOf = (one: unknown): string => (Array.isArray(one) ? 'list' : one === null ? 'null' : typeof one);
  const [old, now] = [kindOf(value), kindOf(JSON.parse(by))];
  return old !== now && old !== 'null' && now !== 'null';
}

function valueAt(value: unknown, way: readonly string[]): unknown {
  return way.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Object.entries(part).find(([name]) => name === key)?.[1] : null),
    value,
  ); // prettier-ignore
}

const places = samples.flatMap((plan) => waysIn(plan).map((way) => ({ plan, way })));

async function oneMistake(plan: Json, way: readonly string[], by: string | null): Promise<void> {
  const text = spoilt(plan, way, by);
  if (text === null) return;
  const outcome = await outcomeOf(text);
  looksWell(outcome);
  if (by !== null && isOfAnotherKind(valueAt(plan, way), by)) expect([way, by.slice(0, 80), outcome.status]).toEqual([way, by.slice(0, 80), 1]); // prettier-ignore
}

describe('a mistake in a plan', () => {
  test('the samples are no mistake', async () => {
    for (const plan of samples) expect(await outcomeOf(JSON.stringify(plan))).toMatchObject({ status: 0, err: '' });
  });

  test('in any of its fields', async () => {
    // By their numbers, so that what fails can be printed.
    const numbers = [fc.nat(places.length - 1), fc.nat(mistakes.length - 1)] as const;
    const property = fc.asyncProperty(...numbers, async (place, mistake) => {
      const { plan, way } = places[place] ?? {};
      if (plan !== undefined && way !== undefined) await oneMistake(plan, way, mistakes[mistake] ?? null);
    });
    await fc.assert(property, { seed: 9, numRuns: size(10, 10_000) });
  });

  test('several at a time, and fields that nobody knows', async () => {
    const keys = fc.constantFrom(
      'from',
      '__proto__',
      'constructor',
      'a\u001b[2Jb',
      'x'.repeat(10_000),
      'pieces',
      'secret',
    );
    const change = fc.record({
      at: fc.nat(),
      by: fc.constantFrom(...mistakes.filter((text) => (text ?? '').length < 100)),
      key: fc.option(keys),
    });
    const property = fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 4 }), fc.nat(samples.length - 1), async (changes, sample) => {
      let text = JSON.stringify(samples[sample]);
      for (const { at, by, key } of changes) {
        const value: unknown = JSON.parse(text);
        const ways = waysIn(value);
        const way = ways[at % ways.length] ?? [];
        const old = JSON.stringify(valueAt(value, way));
        const longer = key !== null && old.startsWith('{') ? `{${JSON.stringify(key)}:${by ?? '1'}${old === '{}' ? '' : ','}${old.slice(1)}` : by;
        text = spoilt(value, way, longer) ?? text;
      }
      looksWell(await outcomeOf(text));
    }); // prettier-ignore
    await fc.assert(property, { seed: 9, numRuns: size(4, 5_000) });
  });

  test.each([
    ['an automatic port without its step', /("kind":"port","address":"[^"]*","port":)5900(,"automatic":true)/, '$15901$2', 'a word of bhyve has an automatic port that no step chooses'],
    ['a port that is automatic in no word', /("automatic":)false/, '$1true', 'a step chooses an automatic port that no word of bhyve has'],
    ['a word without the port', /("automatic":)true/, '$1false', 'a word of bhyve has an automatic port that no step chooses'],
    ['a range that ends before it begins', /("automatic":true,"last":)\d+/, '$11', 'is not a whole number from 5900 to 65535'],
    ['no port', /"port":7000/, '"port":null', 'is not a whole number from 1 to 65535'],
    ['a port in the name of the program', /("program":\{"text":")bhyve"/, '$15900","pieces":[{"kind":"port","address":"127.0.0.1","port":5900,"from":"g.xml:1"}]', 'stands in another word than one of bhyve'],
  ])('%s', async (_title, from, to, problem) => {
    const text = JSON.stringify(samples[0]);
    expect(text).toMatch(from);
    expect(await outcomeOf(text.replace(from, to))).toMatchObject({ status: 1, err: expect.stringContaining(problem) as string });
  }); // prettier-ignore

  test('as deep and as long as a file may be', async () => {
    const head = JSON.stringify(samples[0]).slice(0, -1);
    const huge: readonly (readonly [string, string])[] = [
      [nested(2_000_000), 'the file is not an object'],
      ['['.repeat(4_000_000), 'it is not JSON'],
      [`${head},"more":${nested(1_900_000)}}`, 'more is not known'],
      [`${head},"more":${'{"from":'.repeat(400_000)}"a:4000000"${'}'.repeat(400_000)}}`, 'more is not known'],
      [' '.repeat(5_000_000), 'it is longer than 4 MiB'],
    ];
    for (const [text, problem] of huge) {
      writeFileSync(file, text);
      const outcome = await outcomeOfFile();
      expect(outcome).toEqual({ status: 1, err: expect.stringContaining(problem) as string });
    }
  });

  test('places that are far down, each in a file of its own', async () => {
    let count = 0;
    const text = JSON.stringify(samples[0]).replaceAll(/"from":"[^"]*"/g, () => `"from":"${String((count += 1))}.xml:4194305"`); // prettier-ignore
    expect(count).toBeGreaterThan(60);
    expect(await outcomeOf(text)).toMatchObject({ status: 0 });
  });
});

async function outcomeOfFile(): Promise<Omit<Outcome, 'out'>> {
  const err: string[] = [];
  const terminal = { out: () => Promise.resolve(), err: (line: string) => void err.push(line), outPalette: plain, errPalette: plain, doing: null }; // prettier-ignore
  const status = await runRun(file, flags, terminal);
  return { status, err: err.join('') };
}

test('the name of a service in libvirt dialect is a plan that can be read', async () => {
  const named = guestXml({ devices: tcp.replace('7000', 'telnet') });
  const options = { host: profileOf('freebsd-15.1'), dialect: 'libvirt', schema: 'off', strict: false } as const;
  const { plan } = compile({ name: 'g.xml', text: named }, options);
  const text = plan === null ? '' : (planBackend.emit(plan)[0]?.text ?? '');
  expect(text).toContain('"service":"telnet"');
  expect(text).not.toMatch(/"(?:port|last)": null/);
  expect(await outcomeOf(text)).toMatchObject({ status: 0, out: expect.stringContaining(':telnet') as string });
});
