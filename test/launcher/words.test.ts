/** What bhyve and the loader receive from the launcher and from the service are the words of the plan, byte for byte. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { root } from '../../scripts/bundling.mjs';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { rcd } from '../../src/backends/rcd/emit.ts';
import { rcName } from '../../src/ir/names.ts';
import type { HostProfile } from '../../src/host/profile.ts';
import { builtInTargets } from '../../src/host/targets.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { Refusal } from '../host/lib/config-tree.mjs';
import { hostTarget, makePlan } from '../host/lib/plan.mjs';
import { releaseNumber } from '../host/lib/releases.mjs';
import { compileFor, hostFor, install, profileOf, wordsOf } from './guests.ts';

const all = builtInTargets.map(({ name }) => name);
const some = ['freebsd-12.4', 'freebsd-13.2', 'freebsd-14.3', 'freebsd-15.1', 'freebsd-main', 'freebsd-15.1-arm64'];

/** All targets for each document; in a sample one for each, in turn. */
const targetsOf = (nth: number): readonly string[] => (full ? all : [some[nth % some.length] ?? '']);

/** Profiles with what own documents name: networks and pools. */
function hostOf(target: string): HostProfile {
  const networks = new Map(['default', 'office', 'dmz', 'lan'].map((name, i) => [name, `bridge${String(i)}`]));
  const pools = new Map(
    ['default', 'vms', 'tank', 'iso'].map((name) => [name, { type: 'dir' as const, target: `/vm/${name}` }]),
  );
  return { ...profileOf(target), networks, pools };
}

/** The documents: our examples, our golden cases, and those of others where they lie beside the checkout. */
const documents = ['examples', 'test/golden', '../shared/conformance/wild'].flatMap((below) => {
  const folder = path.join(root, below);
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // A folder as a disk is refused by the launcher before bhyve hears of it.
      .filter((name) => name.endsWith('.xml') && !name.includes('path-detours/'))
      .toSorted()
      .map((name) => path.join(folder, name))
  );
});

/** One script of each kind that occurs. */
const plans = documents.flatMap((file, nth): readonly { readonly title: string; readonly plan: Plan }[] =>
  targetsOf(nth).flatMap((target) => {
    const { plan } = compileFor(readFileSync(file, 'utf8'), hostOf(target), file);
    return plan === null ? [] : [{ title: `${path.relative(root, file)} on ${target}`, plan }];
  }),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-words-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The words of a command on a host without a root of its own. */
function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('');
}

test('launch argv prints the words of every document on every target', () => {
  expect(plans.length).toBeGreaterThan(20);
  // One sh for all: starting a thousand processes from a large one takes long.
  const calls = plans.map(({ plan }, i) => {
    writeFileSync(path.join(folder, String(i)), launcher.emit(plan)[0]?.text ?? '');
    return `sh ${path.join(folder, String(i))} argv; printf '\\0'\n`;
  });
  const { stdout, stderr } = spawnSync('sh', ['-s'], { input: calls.join(''), encoding: 'utf8', maxBuffer: 1 << 29 });
  expect(stderr).toBe('');
  const printed = stdout.split('\0');
  const wrong = plans.filter(({ plan: { loader, bhyve } }, i) => {
    return printed[i] !== `${loader === null ? '' : `${lines(wordsOf(loader))}\n`}${lines(wordsOf(bhyve))}`;
  });
  expect(wrong.map(({ title }) => title)).toEqual([]);
  console.log(`launch argv: ${String(plans.length)} plans of ${String(documents.length)} documents`);
});

/** What a run on the stand-in host depends on: the scripts without the target's name, and what its bhyve makes of the words. */
function signatureOf({ plan }: (typeof plans)[number]): string {
  const scripts = [...launcher.emit(plan), ...rcd.emit(plan)].map(({ text }) => text.replaceAll(plan.target, ''));
  const words = wordsOf(plan.bhyve).slice(1);
  const rel = releaseNumber(plan.release ?? '');
  const bytes = words.map((word) => Buffer.from(word).toString('latin1'));
  try {
    const { steps, facts } = makePlan(bytes, hostTarget(rel, plan.arch, '/'));
    return JSON.stringify([scripts, steps, facts]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return JSON.stringify([scripts, error.message]);
  }
}

/**
 * Few documents on the stand-in host in `npm test`: each costs many processes. In full, of plans that only differ in the
 * name of their target one runs, each time another one, so that every target has its turn.
 */
function choose(): readonly (typeof plans)[number][] {
  if (!full) return plans.filter((_, i) => i % 80 === 0);
  const alike = new Map<string, (typeof plans)[number][]>();
  for (const one of plans) {
    const signature = signatureOf(one);
    alike.set(signature, [...(alike.get(signature) ?? []), one]);
  }
  const chosen = [...alike.values()].flatMap((group, i) => group[i % group.length] ?? []);
  const turns = new Set(chosen.map(({ plan }) => plan.target));
  console.log(`on the stand-in host: ${String(chosen.length)} different ones, on ${String(turns.size)} targets`);
  return chosen;
}

describe.concurrent.each(choose())('$title', ({ plan }) => {
  test('arrives', async ({ expect: expected }) => {
    const host = hostFor(plan);
    try {
      for (const step of plan.steps) {
        if (step.kind !== 'swtpm' || step.key === null) continue;
        mkdirSync(host.path(path.dirname(step.key)), { recursive: true });
        writeFileSync(host.path(step.key), 'a long passphrase\n', { mode: 0o600 });
      }
      const launch = install(host, plan);
      // A power-off: bhyve that ends with 1 at once has refused its words.
      host.script(plan.vmname, 'exit-at-once:2', 'exit-at-once:2');
      const programs = plan.loader === null ? [] : wordsOf(plan.loader);
      const at = programs.findIndex((word) => /(?:^|\/)(?:bhyveload|grub-bhyve)$/.test(word));
      // Another loader is not there: the words before bhyve's are those of `launch argv`.
      if (programs.length > 0 && at < 0) return;
      const loader = programs.slice(at).map((word, i) => (i === 0 ? path.basename(word) : word));
      const turn = [...(programs.length === 0 ? [] : [loader]), wordsOf(plan.bhyve)];
      const name = rcName(plan.vmname);
      // By program, not by guest: the user's own words for a loader may name another one.
      const received = (): readonly (readonly string[])[] =>
        host.history().flatMap(({ argv }) => (/^(?:bhyve|bhyveload|grub-bhyve)$/.test(argv[0] ?? '') ? [argv] : []));
      const { stderr } = await host.run(launch, ['run']);
      expected(received(), stderr).toEqual(turn);
      const loaded = loader.at(-1) ?? plan.vmname;
      if (loaded !== plan.vmname) await host.run('bhyvectl', [`--vm=${loaded}`, '--destroy']);
      const script = host.path(`/usr/local/etc/rc.d/${name}`);
      mkdirSync(path.dirname(script), { recursive: true });
      writeFileSync(script, rcd.emit(plan)[0]?.text ?? '');
      chmodSync(script, 0o555);
      const started = await host.run('service', [name, 'onestart']);
      expected(started.status, started.stderr).toBe(0);
      await host.waitFor(() => received().length >= 2 * turn.length);
      expected(received().slice(turn.length)).toEqual(turn);
    } finally {
      host.dispose();
    }
  });
});
