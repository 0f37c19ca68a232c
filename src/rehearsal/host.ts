/**
 * A stand-in FreeBSD host for a rehearsal: made by test/host of this package, with all that the guests of a build take
 * from their host, in a temporary folder.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderProblem } from '../build/folder.ts';
import type { BuiltGuest } from './manifest.ts';

/** Where the folders of guests are on a host. */
const libexec = '/usr/local/libexec/bhyvec';
/** Enough for any pinning: the rehearsal is not about the size of the host. */
const hostCpus = 256;

/** A command that ran on the host. */
export interface HostCommand {
  readonly sequence: number;
  readonly argv: readonly string[];
  readonly status: string | null;
}

/** What a program left behind. */
export interface Ended {
  readonly status: number | null;
  /** Standard output and error together. */
  readonly text: string;
}

/** The host. */
export interface RehearsalHost {
  readonly root: string;
  launch(guest: string, verb: string): Promise<Ended>;
  /** What the guest does on its next starts: test/host/README.md, "Scripts". */
  script(guest: string, ...entries: string[]): Promise<void>;
  waitRunning(guest: string, seconds: number): Promise<boolean>;
  history(): Promise<readonly HostCommand[]>;
  state(): Promise<string>;
  dispose(): Promise<void>;
}

/** Makes the host and installs the build on it. Throws a {@link FolderProblem}. */
export async function makeHost(folder: string, release: string, guests: readonly BuiltGuest[]): Promise<RehearsalHost> {
  if (!existsSync('/proc/self/stat')) throw new FolderProblem('a rehearsal needs Linux: the stand-in host reads /proc');
  const stand = standInFolder();
  const root = mkdtempSync(path.join(tmpdir(), 'bhyvec-rehearsal-'));
  const environment = {
    PATH: `${path.join(stand, 'bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    HOME: '/',
    BHYVEC_ROOT: root,
  };
  const control = async (...words: string[]): Promise<Ended> =>
    run(process.execPath, [path.join(stand, 'lib/hostctl.mjs'), ...words], environment);
  const must = async (...words: string[]): Promise<string> => {
    const { status, text } = await control(...words);
    if (status !== 0) throw new FolderProblem(`the stand-in host: ${text.trim().replace(/^hostctl: /, '')}`);
    return text;
  };
  const dispose = async (): Promise<void> => {
    await control('kill');
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  try {
    await must('create', root, '--release', release, ...hostWords(guests));
    for (const guest of guests) {
      furnish(root, guest);
      const installed = path.join(root, libexec, guest.name);
      cpSync(path.join(folder, guest.name), installed, { recursive: true });
      // What only the user's own words name.
      await must('furnish', (await run(path.join(installed, 'launch'), ['argv'], environment)).text);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    root,
    launch: (guest, verb) => run(path.join(root, libexec, guest, 'launch'), [verb], environment),
    script: async (guest, ...entries) => {
      await must('script', guest, ...entries);
    },
    waitRunning: async (guest, seconds) => (await control('wait-running', guest, String(seconds))).status === 0,
    history: async () => commandsIn(await must('history')),
    state: () => must('state'),
    dispose,
  };
}

/** test/host, somewhere above this file: the package has it beside dist. */
function standInFolder(): string {
  for (const above of ['..', '../..', '../../..']) {
    const found = fileURLToPath(new URL(`${above}/test/host`, import.meta.url));
    if (existsSync(path.join(found, 'lib/hostctl.mjs'))) return found;
  }
  throw new FolderProblem('the stand-in host (test/host of the package bhyvec) is not installed');
}

/** Options of `hostctl create`. */
function hostWords(guests: readonly BuiltGuest[]): readonly string[] {
  const takes = guests.map((guest) => guest.takes);
  const option = (name: string, values: readonly string[]): readonly string[] =>
    [...new Set(values)].flatMap((value) => [`--${name}`, value]);
  const isDevice = (file: string): boolean => file.startsWith('/dev/');
  const isZvol = (file: string): boolean => file.startsWith('/dev/zvol/');
  const files = takes.flatMap((one) => one.files);
  const images = files.filter(({ path: file, purpose }) => !isDevice(file) && !isPackaged(file) && purpose !== 'tpm');
  return [
    ...option('arch', guests.slice(0, 1).map(({ arch }) => arch)),
    ...option('cpus', [String(Math.max(hostCpus, ...takes.map(({ vcpus }) => vcpus)))]),
    ...option('bridge', bridgesOf(takes)),
    ...option('disk', images.map((file) => file.path)),
    ...option('zvol', files.map((file) => file.path).filter(isZvol)),
    ...option('node', files.map((file) => file.path).filter((file) => isDevice(file) && !isZvol(file))),
    ...option('ppt', takes.flatMap(({ ppt }) => ppt)),
    ...option('pci', takes.flatMap(({ managedPpt }) => managedPpt.map((device) => `${device}=igb0`))),
    ...option('sysctl', takes.some(({ limits }) => limits.length > 0) ? ['kern.racct.enable=1'] : []),
  ]; // prettier-ignore
}

/** Each with the MTU that the first guest asks of it. */
function bridgesOf(takes: readonly BuiltGuest['takes'][]): readonly string[] {
  const taps = takes.flatMap((one) => one.taps);
  return [...new Set(takes.flatMap(({ bridges }) => bridges))].map((name) => {
    const mtu = taps.find((tap) => tap.bridge === name && tap.mtu !== null)?.mtu ?? null;
    return mtu === null ? name : `${name}:${String(mtu)}`;
  });
}

/** The fresh host has what the firmware packages install; what else is named there comes below. */
function isPackaged(file: string): boolean {
  return file.startsWith('/usr/local/share/');
}

/** What `hostctl create` has no option for. */
function furnish(root: string, { takes }: BuiltGuest): void {
  const put = (file: string, make: (place: string) => void): void => {
    const place = path.join(root, file);
    if (existsSync(place)) return;
    mkdirSync(path.dirname(place), { recursive: true });
    make(place);
  };
  for (const { path: folder } of takes.directories) mkdirSync(path.join(root, folder), { recursive: true });
  for (const socket of takes.sockets) mkdirSync(path.dirname(path.join(root, socket)), { recursive: true });
  for (const { path: file, purpose } of takes.files) {
    put(file, (place) => {
      // Nobody listens on the socket of a software TPM: bhyve looks only whether it is there.
      if (purpose === 'tpm') linkSync(path.join(root, '.host/socket'), place);
      else writeFileSync(place, `${purpose}\n`);
    });
  }
  for (const { path: file, template } of takes.nvram) {
    // A store without a template has to be there.
    const source = template ?? file;
    put(source, (place) => {
      writeFileSync(place, 'variables\n');
    });
  }
  for (const program of takes.programs.filter((name) => name.startsWith('/'))) {
    put(program, (place) => {
      writeFileSync(place, `#!/bin/sh\nexec ${path.basename(program)} "$@"\n`, { mode: 0o755 });
    });
  }
}

/** Runs a program to its end; one that cannot be started has no exit status. */
async function run(program: string, words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => pieces.push(`${error.message}\n`));
    child.on('close', (status) => {
      resolve({ status: status !== null && status < 0 ? null : status, text: pieces.join('') });
    });
  });
}

function commandsIn(lines: string): readonly HostCommand[] {
  return lines.split('\n').flatMap((line): readonly HostCommand[] => {
    const value: unknown = line === '' ? null : JSON.parse(line);
    return isCommand(value) ? [value] : [];
  });
}

function isCommand(value: unknown): value is HostCommand {
  return typeof value === 'object' && value !== null && 'sequence' in value && 'argv' in value && 'status' in value;
}
