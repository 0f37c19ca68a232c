/** What a build changes for each of its guests, read off the files that it changes. */
import path from 'node:path';
import { readPlan } from '../../backends/plan-file/read.ts';
import { nothingKnown, readManifest } from '../../backends/known-manifest.ts';
import { manifestName } from '../../backends/tree.ts';
import { readPresent, type Changes, type NamedFile, type Present } from '../../build/folder.ts';
import { FolderProblem } from '../../build/problem.ts';
import { compareGuests, type GuestChange } from '../../changes/compare.ts';
import type { Plan } from '../../ir/plan.ts';
import { hiddenSecret } from '../../ir/words.ts';

/** Files that hold the password of a guest, the one or the other. */
const holders: readonly string[] = ['secrets.conf', 'argv', 'launch'];

/** The guests of a build that have a password, by its manifest; none where there is no build that can be read. */
export function guestsWithPassword(folder: string): ReadonlySet<string> {
  const manifest = manifestIn(folder);
  const known = manifest === null ? nothingKnown : readManifest(manifest.text);
  const files = 'files' in known ? known.files : [];
  const named = files.filter(({ secret }) => secret).map((file) => file.path.split('/'));
  return new Set(named.flatMap(([guest = '', name = '']) => (holders.includes(name) ? [guest] : [])));
}

/** What is wrong with a folder is told by who looks for changes in it. */
function manifestIn(folder: string): Present | null {
  try {
    return readPresent(folder, manifestName);
  } catch (error) {
    if (error instanceof FolderProblem) return null;
    throw error;
  }
}

/**
 * What the guests of a folder become.
 * @param strict whether a plan that cannot be read is a problem; else no more is said than that the files of its guest change
 * @throws {@link FolderProblem}
 */
export function guestChanges(
  folder: string,
  plans: readonly Plan[],
  { write, remove }: Changes<NamedFile>,
  strict: boolean,
): readonly GuestChange[] {
  const after = new Map(plans.map((plan) => [plan.vmname, plan]));
  const before = new Map<string, Plan>();
  /** Guests whose plan stays as it is need no comparing. */
  const same = new Set(after.keys());
  const unread = new Set<string>();
  const old = [
    ...write.map(({ file, before: was }) => [file.path, was] as const),
    ...remove.map((one) => [one.path, one.before] as const),
  ];
  for (const [file, present] of old) {
    const [guest = '', name] = file.split('/');
    if (name !== 'plan.json') continue;
    same.delete(guest);
    if (present === null) continue;
    const read = readPlan(present.text, () => hiddenSecret);
    if (read.ok) before.set(read.plan.vmname, read.plan);
    else if (strict) throw new FolderProblem(`${path.join(folder, file)}: ${read.problem}`);
    else unread.add(guest);
  }
  for (const guest of same) {
    const plan = after.get(guest);
    if (plan !== undefined) before.set(guest, plan);
  }
  const rewritten = new Set(write.map(({ file }) => file.path.split('/')[0]));
  return compareGuests(before, after).map((one) => {
    // What runs a guest may change though nothing that is told to bhyve does: another version of bhyvec, for one.
    const isRewritten = one.kind === 'unchanged' && rewritten.has(one.guest);
    if (!isRewritten && !unread.has(one.guest)) return one;
    const text = unread.has(one.guest)
      ? 'its generated files change; those of another version of bhyvec are not compared'
      : 'its generated files change';
    const change = { sign: '~', degree: 'host-only', text } as const;
    return { ...one, kind: 'changed', degree: 'host-only', changes: [change] };
  });
}
