/**
 * The only module of `bhyvec host` that touches the system: runs a command with a time limit, looks at a file. Nothing
 * here changes the host. BHYVEC_ROOT stands before each path, as in the launchers, so that tests have a host of their own.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { programFolders } from '../ir/host.ts';
import type { Answer } from '../host/probing/answer.ts';
import type { Folder } from '../host/validation/observed.ts';
import { run } from '../system/command.ts';

/** Seconds that a command may take. */
const patience = 20;
/** Characters of output that are kept of each stream: more is no answer to any question here. */
const longest = 1 << 20;

/** What the probes may do to a system. */
export interface System {
  /** Runs a command without standard input, in the C locale. */
  ask(command: string, ...words: readonly string[]): Promise<Answer>;
  hasProgram(name: string): boolean;
  exists(file: string): boolean;
  /** Null for a file that cannot be read. */
  read(file: string): string | null;
  /** The names in a folder, in no order; null for what is no folder or cannot be read. */
  list(folder: string): readonly string[] | null;
  /** Whether a folder can be written to, or made. */
  folderState(folder: string): Folder['state'];
}

/** The system of this process. `seconds` is the time limit of each command. */
export function openSystem(environment: NodeJS.ProcessEnv, seconds = patience): System {
  const root = environment['BHYVEC_ROOT'] ?? '';
  const folders = [...(environment['PATH'] ?? '').split(':').filter((folder) => folder !== ''), ...programFolders];
  const env = { ...environment, PATH: folders.join(':') };
  return {
    ask: (command, ...words) => run(command, words, { env, seconds, keep: longest }),
    hasProgram: (name) => folders.some((folder) => isProgram(path.join(folder, name))),
    exists: (file) => existsSync(root + file),
    read: (file) => attempt(() => readFileSync(root + file, 'utf8')),
    list: (folder) => attempt(() => readdirSync(root + folder)),
    folderState: (folder) => folderState(root, folder),
  };
}

function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

function isProgram(file: string): boolean {
  return (
    attempt(() => {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    }) === true
  );
}

/** Looks at the folder, or at the nearest one above it that is there: that is where it would be made. */
function folderState(root: string, folder: string): Folder['state'] {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = attempt(() => statSync(root + at));
    if (found === null && at !== '/') continue;
    if (found?.isDirectory() !== true) return 'not-a-folder';
    const isWritable = attempt(() => {
      accessSync(root + at, constants.W_OK);
      return true;
    });
    return isWritable === true ? 'usable' : 'not-writable';
  }
}
