/**
 * Builds that were tampered with, in any field, word, line and file: `rehearse`, `run`, `build --check` and `build` touch
 * nothing beside their folder, never call it a bug (exit status 70), and end. A full run tries thousands.
 */
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestXml, openWorkshop, vnc, type Workshop } from '../build/workshop.ts';
import { programWithHost, type Program } from '../cli/program.ts';
import { full, size } from '../full.ts';
import { patience } from '../until.ts';
import { tamper, tamperings } from './tamper.ts';

let program: Program;
let shop: Workshop;
beforeAll(async () => {
  program = await programWithHost();
  shop = openWorkshop();
  shop.put('web.xml', guestXml('web', vnc('Tr0ub4d0')));
  shop.put('old.xml', guestXml('old').replace(" firmware='efi'", ''));
  for (const name of ['', ...lanes.map((lane) => `-${String(lane)}`)]) mkdirSync(shop.at(`tmp${name}`));
  expect((await run(['build', ...sources('pristine')])).status).toBe(0);
  mkdirSync(shop.at('sentinel/deep'), { recursive: true });
  for (const name of ['a.img', 'deep/b', 'launch', 'bhyve.conf']) writeFileSync(shop.at(`sentinel/${name}`), `${name}\n`);
}); // prettier-ignore
afterAll(() => {
  program.remove();
  shop.remove();
});

function sources(folder: string): readonly string[] {
  return [shop.at('web.xml'), shop.at('old.xml'), '-o', shop.at(folder), '--target', 'freebsd-14.3', '--no-xmllint'];
}

interface Outcome {
  readonly status: number | null;
  readonly err: string;
}

/**
 * A rehearsal is a process of its own, since lanes rehearse at the same time. The other commands are asked one after another
 * in one that stays. One that waits for ever is told, and not waited for.
 */
async function run(words: readonly string[], tmp = 'tmp'): Promise<Outcome> {
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: shop.at(tmp), BHYVEC_ROOT: '' };
  if (words[0] !== 'rehearse') return await program.ask(words, env);
  const child = spawn(process.execPath, [program.main, ...words], {
    cwd: program.folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patience * 1000,
    killSignal: 'SIGKILL',
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, err };
}

/** All of the workshop beside the spoilt build that a change would show: names, modes, times, contents. */
function portrait(): readonly string[] {
  // The other lanes are at work in theirs: nobody may walk through what they remove.
  const places = readdirSync(shop.folder).filter((name) => !/^(?:tampered|tmp)-/.test(name));
  return places
    .flatMap((name) => {
      if (!lstatSync(shop.at(name)).isDirectory()) return [name];
      const inside = readdirSync(shop.at(name), { recursive: true, encoding: 'utf8' });
      return [name, ...inside.map((one) => path.join(name, one))];
    })
    .toSorted()
    .map((name) => {
      const place = path.join(shop.folder, name);
      const status = lstatSync(place);
      const { mode, mtimeMs, ctimeMs, size: bytes } = status;
      // A rehearsal makes its stand-in host in the folder for temporary files, and leaves nothing there.
      const times = /^tmp/.test(name) ? [] : [mtimeMs, ctimeMs, bytes];
      return [name, mode, ...times, status.isFile() ? readFileSync(place, 'latin1') : ''].join(' ');
    });
}

/** A mistake in some sentences without what moves the cursor; no bug of ours, no signal. */
function faultOf({ status, err }: Outcome): string | null {
  if (status !== 0 && status !== 1 && status !== 2) return `status ${String(status)}: ${err}`;
  if (/\n +at |a bug in bhyvec/.test(err)) return err;
  return /[^\P{Cc}\n]/u.test(err) ? `control characters: ${JSON.stringify(err)}` : null;
}

/** Several at a time, each with a build and a folder for temporary files of its own. */
const lanes = full ? [1, 2, 3] : [1];

test.concurrent.each(lanes)(
  'what was tampered with touches nothing outside, is no bug, and ends (%i)',
  async (lane) => {
    const [name, tmp] = [`tampered-${String(lane)}`, `tmp-${String(lane)}`];
    const folder = shop.at(name);
    const before = portrait();
    const property = fc.asyncProperty(tamperings, fc.boolean(), async (acts, edited) => {
      rmSync(folder, { recursive: true, force: true });
      cpSync(shop.at('pristine'), folder, { recursive: true });
      for (const act of acts) tamper({ folder, sentinel: shop.at('sentinel') }, act);
      // Only words of the launchers are tampered with so that it makes sense to run them.
      const hasProgram = acts.some((act) => act.kind === 'thing' || act.kind === 'line');
      const commands = [
        ['rehearse', folder, '--limit', '20', '--quiet', ...(edited && !hasProgram ? ['--edited'] : [])],
        ['run', '--dry-run', path.join(folder, 'web/plan.json')],
        ['build', ...sources(name), '--check'],
        ['build', ...sources(name)],
      ];
      for (const words of commands) {
        const fault = faultOf(await run(words, tmp));
        expect([words[0], fault]).toEqual([words[0], null]);
        expect(portrait()).toEqual(before);
        expect(readdirSync(shop.at(tmp))).toEqual([]);
      }
    });
    await fc.assert(property, { numRuns: size(1, 700, 80), seed: 9 + lane, endOnFailure: true });
  },
);
