/** Quoting: whatever the XML holds arrives byte for byte, or the compiler refuses it with a diagnostic. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { size } from '../full.ts';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { rcd } from '../../src/backends/rcd/emit.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { compileFor, guestXml, hostFor, install, profileOf, wordsOf } from './guests.ts';

const documents = size(20, 1000);

/** Texts that sh takes apart where it can, and others. */
const special = [
  "'", '"', '$', '`', '\\', '\n', '\t', ' ', '*', '?', '[', ']', '!', '#', '&', ';', '|', '<', '>', '(', ')', '{', '}', '~',
  '^', '=', '-', '--', '%', '%s', ',', '/', ':', '@', '+', '$(id)', '${x}', '$((1))', '\\n', "'\\''", '\u00e9', '\u4e2d',
  '\u{1f600}', '\u00a0', '\u2028', 'EOF', 'if', 'done', 'esac', '&&', '||', '2>&1', '\u00df',
]; // prettier-ignore
const text = fc
  .array(fc.oneof(fc.constantFrom(...special), fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  .filter((value) => !/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value));

function attribute(value: string): string {
  return value.replaceAll(/[&<>'"\t\n\r]/g, (found) => `&#${String(found.charCodeAt(0))};`);
}

interface Case {
  readonly words: readonly string[];
  readonly disk: string;
  readonly name: string;
  readonly socket: string;
  readonly password: string;
}

const cases = fc.sample(
  fc.record({
    words: fc.array(text, { minLength: 8, maxLength: 12 }),
    disk: text.map((part) => `/vm/${part}`),
    name: fc.oneof(fc.constant('g'), text, fc.constantFrom('-g', '.g', 'a b', 'a-b.c_d', '0', 'if')),
    socket: text.map((part) => `/var/run/${part}`),
    password: text.map((part) => part.slice(0, 8)),
  }),
  { numRuns: documents, seed: 7 },
) as readonly Case[];

function xmlOf({ words, disk, name, socket, password }: Case): string {
  const channel =
    `<channel type='unix'><source mode='bind' path='${attribute(socket)}'/><target type='virtio' name='agent.0'/></channel>` +
    `<graphics type='vnc' port='5900' passwd='${attribute(password)}'/>`;
  const raw = words.map((word) => `<bhyve:arg value='${attribute(word)}'/>`).join('');
  return guestXml({
    name: attribute(name),
    devices: channel,
    domain: `<bhyve:commandline>${raw}</bhyve:commandline>`,
  }).replace('/vm/a.img', attribute(disk));
}

/** Each part that the compiler may refuse, tried alone: so that one bad part does not hide the others. */
const attempts = cases.flatMap((wanted): readonly Case[] => {
  const plain = { words: ['-x'], disk: '/vm/a.img', name: 'g', socket: '/var/run/g.sock', password: 'secret' };
  return [
    { ...plain, words: wanted.words },
    { ...plain, disk: wanted.disk },
    { ...plain, name: wanted.name },
    { ...plain, socket: wanted.socket },
    { ...plain, password: wanted.password },
  ];
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-quoting-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('words reach the command as they are, or are refused', async () => {
  const profile = profileOf('freebsd-15.1');
  let [refused, values] = [0, 0];
  const silent: string[] = [];
  const plans: Plan[] = [];
  for (const attempt of attempts) {
    const { plan, diagnostics } = compileFor(xmlOf(attempt), profile);
    if (plan !== null) plans.push(plan);
    else if (diagnostics.length === 0) silent.push(JSON.stringify(attempt));
    else refused += 1;
    values += plan === null ? 1 : attempt.words.length;
  }
  expect(silent).toEqual([]);
  // One script that runs all launchers costs fewer processes than one of Node for each.
  const scripts = plans.map((plan, i) => {
    const file = path.join(folder, `launch${String(i)}`);
    writeFileSync(file, launcher.emit(plan)[0]?.text ?? '');
    writeFileSync(`${file}.rcd`, rcd.emit(plan)[0]?.text ?? '');
    return file;
  });
  const all = `${scripts.map((file) => `sh ${file} argv; printf '\\0'; sh -n ${file}.rcd || exit`).join('\n')}\n`;
  const { stdout, stderr } = spawnSync('sh', ['-s'], { input: all, encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(stderr).toBe('');
  const wrong = stdout
    .split('\0')
    .slice(0, -1)
    .flatMap((printed, i) => {
      const words = plans[i] === undefined ? [] : wordsOf(plans[i].bhyve);
      return printed === words.map((word) => `${word}\n`).join('') ? [] : [{ printed, words }];
    });
  expect(wrong).toEqual([]);
  expect(plans.length).toBeGreaterThan(attempts.length / 3);
  console.log(`quoting: ${String(values)} values in ${String(attempts.length)} documents, ${String(refused)} refused`);

  // Some of them to the stand-in bhyve.
  const some = plans.filter(({ bhyve }) => bhyve.words.length > 40).filter((_, i) => i % 40 === 0);
  for (const plan of some) {
    const host = hostFor(plan);
    const launch = install(host, plan);
    host.script(plan.vmname, 'exit-at-once:1');
    const { stderr: complaint } = await host.run(launch, ['run']);
    expect(host.received(plan.vmname), complaint).toEqual([wordsOf(plan.bhyve)]);
    host.dispose();
  }
});
