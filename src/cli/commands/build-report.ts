/** What a build says: text for people on standard error, with the diff of --check on standard output; or one JSON object. */
import type { Changes, NamedFile } from '../../build/folder.ts';
import { diffOfText, diffsOf } from '../../build/show-changes.ts';
import type { GuestChange } from '../../changes/compare.ts';
import type { NetworkChange } from '../../changes/networks.ts';
import { textOf } from '../../changes/show.ts';
import type { VolumeChange } from '../../changes/volumes.ts';
import { jsonLine, toJson, type JsonDiagnostic } from '../../diagnostics/json.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { printDiagnostics } from '../../documents/documents.ts';
import type { NextLock } from '../../documents/next-lock.ts';
import type { Terminal } from '../../system/terminal.ts';
import type { buildFormats } from '../options.ts';

/** What became, or would become, of the folder of one host. */
export interface HostReport {
  readonly host: string | null;
  readonly output: string;
  readonly lock: NextLock | null;
  readonly changes: Changes<NamedFile>;
  readonly guests: readonly GuestChange[];
  readonly networks: readonly NetworkChange[];
  readonly volumes: readonly VolumeChange[];
}

/** Takes all that there is to say, in order. */
export interface BuildReport {
  findings(diagnostics: readonly Diagnostic[]): Promise<void>;
  /** Something that has no place in a file. */
  problem(text: string): void;
  /** A line for people. */
  say(text: string): void;
  /** The diff of a lock and of a folder. */
  differences(lock: NextLock | null, changes: Changes): Promise<void>;
  host(host: HostReport): void;
  end(isWritten: boolean): Promise<void>;
}

/** Guests and networks that a build tells of by name; of further ones only the number. */
const mostGuests = 20;

/** A report in the format that was asked for. */
export function openReport(format: (typeof buildFormats)[number], terminal: Terminal): BuildReport {
  return format === 'json' ? jsonReport(terminal) : textReport(terminal);
}

function textReport(terminal: Terminal): BuildReport {
  return {
    async findings(diagnostics) {
      printDiagnostics(diagnostics, terminal);
      await Promise.resolve();
    },
    problem(text) {
      terminal.err(`bhyvec: ${text}\n`);
    },
    say(text) {
      terminal.err(text);
    },
    async differences(lock, changes) {
      if (lock !== null && lock.after !== lock.before)
        await terminal.out(diffOfText(lock.path, lock.before, lock.after));
      for (const diff of diffsOf(changes)) await terminal.out(diff);
    },
    host({ guests, networks, volumes }) {
      const count = guests.length + networks.length + volumes.length;
      if (count > 0) terminal.err(textOf({ guests, networks, volumes }, mostGuests));
    },
    end: () => Promise.resolve(),
  };
}

function jsonReport(terminal: Terminal): BuildReport {
  const findings: JsonDiagnostic[] = [];
  const problems: string[] = [];
  const hosts: object[] = [];
  let isChanged = false;
  return {
    async findings(diagnostics) {
      findings.push(...diagnostics.map(toJson));
      await Promise.resolve();
    },
    problem(text) {
      problems.push(text);
    },
    say() {
      // Said by the object.
    },
    differences: () => Promise.resolve(),
    host({ host, output, lock, changes, guests, networks, volumes }) {
      const isLockChanged = lock !== null && lock.after !== lock.before;
      const files = filesOf(changes);
      const changed = isLockChanged || files.some(({ change }) => change !== 'kept');
      isChanged ||= changed;
      const shown = lock === null ? null : { path: lock.path, changed: isLockChanged };
      const some = volumes.length === 0 ? {} : { volumes };
      hosts.push({ host, output, lock: shown, changed, guests, networks, ...some, files });
    },
    async end(written) {
      await terminal.out(`${jsonLine({ version: 1, written, changed: isChanged, problems, findings, hosts })}\n`);
    },
  };
}

function filesOf({
  write,
  remove,
  keep,
}: Changes<NamedFile>): readonly { readonly path: string; readonly change: string }[] {
  return [
    ...write.map(({ file, before }) => ({ path: file.path, change: before === null ? 'added' : 'changed' })),
    ...remove.map((one) => ({ path: one.path, change: 'removed' })),
    ...keep.map((file) => ({ path: file, change: 'kept' })),
  ].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
