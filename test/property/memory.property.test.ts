/**
 * A host that is built again after each of many random edits, by a build that knows the one before it and by one that knows nothing:
 * both find the same, give the same lock and leave the same files.
 */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { backends } from '../../src/backends/index.ts';
import { contentOf } from '../../src/backends/backend.ts';
import { emitBuild } from '../../src/backends/emit.ts';
import { changesOf, type Changes, type NamedFile } from '../../src/build/folder.ts';
import { replaceFiles } from '../../src/build/replace-files.ts';
import { createBuildMemory, treeOf, type BuildMemory } from '../../src/cli/commands/build-memory.ts';
import { checkGuests } from '../../src/compile/compile.ts';
import { plain, renderDiagnostics } from '../../src/diagnostics/render.ts';
import { compileTogether, hasErrors, type RunSettings, type Together } from '../../src/documents/documents.ts';
import { writeLockFile } from '../../src/documents/lock-file.ts';
import { nextLock } from '../../src/documents/next-lock.ts';
import { defaultTarget } from '../../src/host/default-target.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { Plan } from '../../src/ir/plan.ts';

import { size } from '../full.ts';
import { createDice, type Dice } from '../relaxng/nodes.ts';
import { createHash } from 'node:crypto';

const root = mkdtempSync(path.join(tmpdir(), 'bhyvec-memory-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const host = targetProfile(defaultTarget, 'bhyvec');
if (host === null) throw new Error('there is no default target');
const terminal = {
  out: () => Promise.resolve(),
  err: () => undefined,
  outPalette: plain,
  errPalette: plain,
  doing: null,
};
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
/** After all that is written here. */
const late = (): number => Number.MAX_SAFE_INTEGER;

interface Case {
  readonly xml: string;
  readonly output: string;
  readonly memory: BuildMemory;
  settings: RunSettings;
  isReversed: boolean;
}

function openCase(name: string): Case {
  const [xml, output] = [path.join(root, name, 'xml'), path.join(root, name, 'out')];
  mkdirSync(xml, { recursive: true });
  if (host === null) throw new Error('there is no default target');
  const options = { host, dialect: 'bhyvec', schema: 'error', strict: false } as const;
  const settings = { options, xmllint: false, lock: path.join(root, name, 'bhyvec.lock') };
  return { xml, output, memory: createBuildMemory(late), settings, isReversed: false };
}

function filesIn({ xml, isReversed }: Case): readonly string[] {
  const names = readdirSync(xml).toSorted().map((name) => path.join(xml, name)); // prettier-ignore
  return isReversed ? names.toReversed() : names;
}

interface Found {
  readonly together: Together;
  readonly plans: readonly Plan[];
  readonly told: string;
  readonly isFaulty: boolean;
}

async function compile(one: Case, memory: BuildMemory | null): Promise<Found> {
  memory?.guests.begin();
  const together = await compileTogether(filesIn(one), one.settings, terminal, memory?.guests);
  const documents = together.outcomes.flatMap((outcome) => (outcome.kind === 'document' ? outcome : []));
  const plans = documents.flatMap(({ plan }) => plan ?? []);
  const own = documents.flatMap(({ diagnostics }) => diagnostics);
  const all = [...own, ...(hasErrors(own) ? [] : checkGuests(plans, one.settings.options, together.networks))];
  return { together, plans, told: [...renderDiagnostics(all, plain)].join(''), isFaulty: hasErrors(all) };
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

function pathsOf({ write, remove, keep, folders }: Changes<NamedFile>): object {
  return { write: write.map(({ file }) => file.path), remove: remove.map((one) => one.path), keep, folders };
}

/** Builds both ways, and compares; gives the plans. */
async function build(one: Case): Promise<readonly Plan[]> {
  const full = await compile(one, null);
  const again = await compile(one, one.memory);
  expect(again.told).toBe(full.told);
  const [lock, same] = [full, again].map(({ together }) => nextLock(together, 'bhyvec', false));
  expect(same?.after).toBe(lock?.after);
  if (full.isFaulty || lock == null) return again.plans;
  writeLockFile(lock.path, lock.after);
  const tree = treeOf(again.plans, again.together, backends, one.memory.folder(one.output));
  const wanted = emitBuild(full.plans, sha256, backends, full.together.networks, full.together.storage);
  const changes = changesOf(one.output, wanted, sha256);
  expect(pathsOf(tree.look(one.output))).toEqual(pathsOf(changes));
  const standing = tree.standing(one.output);
  expect(standing === null ? null : pathsOf(standing)).toEqual(changes.write.length > 0 ? null : pathsOf(changes));
  expect(pathsOf(await replaceFiles(one.output, (take) => tree.replace(one.output, take)))).toEqual(pathsOf(changes));
  tree.written();
  // What somebody else has changed stays where its guest goes.
  expect(below(one.output)).toEqual([...wanted.map((file) => file.path), ...changes.keep].toSorted());
  for (const file of wanted) {
    const found = path.join(one.output, file.path);
    expect([file.path, readFileSync(found).equals(Buffer.from(contentOf(file)))]).toEqual([file.path, true]);
    expect([file.path, statSync(found).mode & 0o777]).toEqual([file.path, file.mode]);
  }
  return again.plans;
}

const guestXml = (name: string, vcpus = 1, devices = ''): string => `<domain type='bhyve'><name>${name}</name>
  <memory unit='GiB'>1</memory><vcpu>${String(vcpus)}</vcpu><os firmware='efi'><type>hvm</type></os><devices>
    <disk type='file' device='disk'><source file='/vm/${name}.img'/><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><source network='lab'/><model type='virtio'/></interface>
    <serial type='nmdm'/>${devices}</devices></domain>
`;
const networkXml = (bridge: number): string =>
  `<network><name>lab</name><forward mode='bridge'/><bridge name='bridge${String(bridge)}'/></network>\n`;

/** One edit of the documents, of the options, or of the build by somebody else. */
function edit(dice: Dice, one: Case, step: number): void {
  const guests = readdirSync(one.xml).filter((name) => name !== 'lab.xml');
  const name = guests[dice(guests.length)] ?? 'g0.xml';
  const guest = name.replace('.xml', '');
  const file = path.join(one.xml, name);
  const put = (text: string): void => {
    writeFileSync(file, text);
  };
  const vnc = (port: string): string => `<graphics type='vnc' ${port}/>`;
  switch (dice(10)) {
    case 0:
    case 1:
      writeFileSync(path.join(one.xml, `g${String(step)}.xml`), guestXml(`g${String(step)}`, 1, vnc("autoport='yes'")));
      return;
    case 2:
      if (guests.length > 2) rmSync(file);
      return;
    case 3:
      put(`<!-- ${String(step)} -->\n${readFileSync(file, 'utf8')}`);
      return;
    case 4:
      put(guestXml(guest, 1 + dice(4), vnc(`port='${String(5900 + dice(4))}'`)));
      return;
    case 5:
      // A mistake, which the next edit of this guest mends.
      put(guestXml(guest, 1, '<frob/>'));
      return;
    case 6:
      one.settings = { ...one.settings, options: { ...one.settings.options, strict: !one.settings.options.strict } };
      return;
    case 7:
      writeFileSync(path.join(one.xml, 'lab.xml'), networkXml(dice(3)));
      return;
    case 8: {
      const launcher = path.join(one.output, guest, 'launch');
      if (dice(2) === 0) rmSync(launcher, { force: true });
      else if (statSync(launcher, { throwIfNoEntry: false })) writeFileSync(launcher, '# by hand\n');
      return;
    }
    default:
      one.isReversed = !one.isReversed;
  }
}

test.each(Array.from({ length: size(1, 60, 20) }, (_, seed) => seed))(
  'what is remembered makes no difference, seed %i',
  async (seed) => {
    const dice = createDice(seed + 100);
    const one = openCase(`seed${String(seed)}`);
    writeFileSync(path.join(one.xml, 'lab.xml'), networkXml(0));
    for (const name of ['g0', 'h0', 'i0']) writeFileSync(path.join(one.xml, `${name}.xml`), guestXml(name));
    for (let step = 1; step <= size(8, 25); step++) {
      await build(one);
      edit(dice, one, step);
    }
    await build(one);
  },
);

test('a guest of which nothing has changed is not compiled again, and its files are not made again', async () => {
  const one = openCase('same');
  writeFileSync(path.join(one.xml, 'lab.xml'), networkXml(0));
  for (const name of ['a', 'b', 'c']) writeFileSync(path.join(one.xml, `${name}.xml`), guestXml(name));
  // The first build gives them what the second one finds in the lock.
  await build(one);
  const second = await build(one);
  writeFileSync(path.join(one.xml, 'b.xml'), guestXml('b', 2));
  const third = await build(one);
  expect(third.map((plan) => second.includes(plan))).toEqual([true, false, true]);
  const standing = one.memory.folder(one.output).standing(third);
  expect([...standing.keys()].map(({ vmname }) => vmname)).toEqual(['a', 'b', 'c']);
  // With another network no guest is what it was.
  writeFileSync(path.join(one.xml, 'lab.xml'), networkXml(1));
  const fourth = await build(one);
  expect(fourth.map((plan) => third.includes(plan))).toEqual([false, false, false]);
});
