/**
 * A stand-in FreeBSD host for the rehearsal of guests, of the networks that they are on, or of volumes: made by test/host of this package, with
 * all that these take from their host, in a temporary folder that nothing leaves.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderProblem, aboutFile } from '../build/problem.ts';
import { contentOf } from '../backends/backend.ts';
import { climbsIn, networkFolder, type InstalledFile } from './files.ts';
import { openControl } from './control.ts';
import type { BuiltGuest, BuiltNetwork, BuiltVolumes } from './manifest.ts';
import { buildDirectory } from '../ir/host.ts';
import type { networksFolder } from '../ir/network/network-plan.ts';
import { hostOptions, madeThings, neededThings, thingsOfVolume } from './needs.ts';
import type { Unit } from './units.ts';
import { run, type Ended } from '../system/command.ts';
import { jsonIn } from '../text/json.ts';
import { accepts, integer, list, openObject, orNull, text, type TypeOf } from '../text/shape.ts';

/** Folders that a path may climb. */
const mostClimbs = 100;
/** Characters of what a launcher says that are kept. */
const mostText = 1024 * 1024;
/** Seconds that an answer of the stand-in host may take. */
const controlLimit = 600;

/** A script that can be asked for something, by its path below the folder of guests. */
export type Script = `${string}/launch` | `${typeof networksFolder}/${string}/net` | BuiltVolumes['name'];

/** The launcher of a guest. */
export function launcherOf({ name }: BuiltGuest): Script {
  return `${name}/launch`;
}

/** The script of a network. */
export function scriptOf(network: BuiltNetwork): Script {
  return `${networkFolder(network)}/net`;
}

/** What a command of the host is marked with: whose it is, and what that was asked for. */
export function partOf(script: Script, verb: string): string {
  return `${script}:${verb}`;
}

const commandShape = openObject('a command that ran on the host', {
  sequence: integer('grows by one with each command'),
  part: text('which script it belongs to, and the verb: that of partOf'),
  argv: list('its words', text('one word')),
  status: orNull(text('how it ended; null where it did not')),
});

/** A command that ran on the host. */
export type HostCommand = TypeOf<typeof commandShape>;

/** The host. */
export interface RehearsalHost {
  readonly root: string;
  /**
   * Runs a launcher or another script; one that is late is killed with all that it has started.
   * @param words what it is asked for, where that is not the verb
   */
  ask(script: Script, verb: string, words?: readonly string[]): Promise<Ended>;
  /** What the guest does on its next starts: test/host/README.md, "Scripts". */
  script(guest: string, ...entries: string[]): Promise<void>;
  /** Resolves with whether the guest runs within the limit. */
  waitRunning(guest: string): Promise<boolean>;
  history(): Promise<readonly HostCommand[]>;
  state(): Promise<string>;
  /** Ends all that runs on the host and removes it. */
  dispose(): Promise<void>;
}

/** What a host is made for. */
export interface HostNeeds {
  readonly unit: Unit;
  /** The files of each guest and network, by the path of their folder below that of guests. */
  readonly folders: ReadonlyMap<string, readonly InstalledFile[]>;
  /** What the launchers share, beside their folders. */
  readonly shared: readonly InstalledFile[];
  readonly release: string;
  /** Seconds for each script. */
  readonly limit: number;
}

/** Makes the host and installs guests and networks on it. Throws a {@link FolderProblem}. */
export async function makeHost({ unit, folders, shared, release, limit }: HostNeeds): Promise<RehearsalHost> {
  if (!existsSync('/proc/self/stat')) throw new FolderProblem('a rehearsal needs Linux: the stand-in host reads /proc');
  const stand = standInFolder();
  const temporary = tmpdir();
  const base = aboutFile(temporary, () => mkdtempSync(path.join(temporary, 'bhyvec-rehearsal-')));
  const climbs = climbsOf([...[...folders.values()].flat(), ...shared], unit);
  const root = path.join(base, ...stair(climbs), 'root');
  const env = {
    PATH: `${path.join(stand, 'bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    HOME: '/',
    BHYVEC_ROOT: root,
  };
  const control = openControl({ file: path.join(stand, 'lib/hostctl.mjs'), env, cwd: base, limit: controlLimit });
  const must = async (words: readonly string[], input?: string): Promise<string> => {
    const { status, text } = await control.call(words, input);
    if (status === 0) return text;
    throw new FolderProblem(
      `the stand-in host: ${text
        .trim()
        .replace(/^hostctl: /, '')
        .replaceAll(root, '')}`,
    );
  };
  const killRest = async (): Promise<void> => {
    await control.call(['kill']);
  };
  const ask: RehearsalHost['ask'] = async (script, verb, words = [verb]) => {
    const part = { BHYVEC_PART: partOf(script, verb) };
    return run(path.join(root, buildDirectory, script), words, {
      ...{ env: { ...env, ...part }, cwd: root, seconds: limit, keep: mostText },
      ...{ together: true, group: true, killRest },
    });
  };
  const dispose = async (): Promise<void> => {
    if (existsSync(root)) await killRest();
    control.end();
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  try {
    if (climbs > mostClimbs) throw new FolderProblem(`${nameOf(unit)}: a path of it climbs ${String(climbs)} folders`);
    mkdirSync(root, { recursive: true });
    await must(['create', root, '-'], JSON.stringify(hostOptions(unit, release)));
    for (const [folder, files] of folders) install(path.join(root, buildDirectory, folder), files);
    install(path.join(root, buildDirectory), shared);
    for (const guest of unit.guests) {
      const argv = await ask(launcherOf(guest), 'argv');
      const commands = argv.out.trimEnd().split('\n\n').map((words) => words.split('\n')); // prettier-ignore
      const furniture = { things: neededThings(guest), commands, made: madeThings(guest) };
      await must(['furnish', '-'], JSON.stringify(furniture));
    }
    const things = unit.volumes?.all.flatMap(thingsOfVolume) ?? [];
    if (things.length > 0) await must(['furnish', '-'], JSON.stringify({ things }));
    if (climbs > 0) linkStair(base, root);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    root,
    ask,
    script: async (guest, ...entries) => {
      await must(['script', guest, ...entries]);
    },
    waitRunning: async (guest) => (await control.call(['wait-running', guest, String(limit)])).status === 0,
    history: async () => commandsIn(await must(['history'])),
    state: () => must(['state']),
    dispose,
  };
}

/** The most folders that a path of guests or networks climbs. */
function climbsOf(files: readonly InstalledFile[], { guests }: Unit): number {
  return Math.max(
    // Nothing on a host reads JSON.
    ...files.map((file) => (file.path.endsWith('.json') ? 0 : climbsIn(file.text))),
    ...guests.map(({ takes }) => climbsIn(JSON.stringify(takes))),
    0,
  );
}

/** Whose host it is, for a message. */
export function nameOf({ guests, networks, volumes }: Unit): string {
  return [...(volumes === null ? [] : [volumes]), ...guests, ...networks].map(({ name }) => name).join(', ');
}

/**
 * A host is its own parent: from `/`, `..` leads to `/`. Here it leads up a stair below which the root stands; each step
 * has links to all that is in the root, so that a path that climbs arrives where it would arrive on FreeBSD.
 */
function stair(climbs: number): readonly string[] {
  return climbs === 0 ? [] : Array.from({ length: climbs + 1 }, () => '.up');
}

function linkStair(base: string, root: string): void {
  const names = readdirSync(root).filter((name) => name !== '.host');
  for (let step = path.dirname(root); step !== base; step = path.dirname(step)) {
    const taken = new Set(readdirSync(step));
    for (const name of names.filter((one) => !taken.has(one)))
      symlinkSync(path.join(root, name), path.join(step, name));
  }
}

function install(folder: string, files: readonly InstalledFile[]): void {
  for (const file of files) {
    const { path: name, mode } = file;
    const place = path.join(folder, name);
    aboutFile(name, () => {
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, contentOf(file), { mode, flag: 'wx' });
    });
  }
}

/** test/host, somewhere above this file: the package has it beside dist. */
function standInFolder(): string {
  for (const above of ['..', '../..', '../../..']) {
    const found = fileURLToPath(new URL(`${above}/test/host`, import.meta.url));
    if (existsSync(path.join(found, 'lib/hostctl.mjs'))) return found;
  }
  throw new FolderProblem('the stand-in host (test/host of the package bhyvec) is not installed');
}

function commandsIn(lines: string): readonly HostCommand[] {
  return lines.split('\n').flatMap((line): readonly HostCommand[] => {
    const value = jsonIn(line);
    return accepts(commandShape, value) ? [value] : [];
  });
}
