/** `bhyvec lock rename` and `bhyvec lock free`: the lock is read, changed and written as a whole. */
import { nearest } from '../../diagnostics/nearest.ts';
import { printable } from '../../diagnostics/printable.ts';
import { lockName, lockText } from '../../hardware/lock-text.ts';
import { freed, renamed } from '../../hardware/prune.ts';
import { guestKey, type Hardware } from '../../ir/hardware.ts';
import { problemOf } from '../../system/file-problems.ts';
import { hostNamed } from '../../documents/jobs.ts';
import { inProject, openProject } from '../../documents/project.ts';
import { projectName } from '../../project/fields.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { readLockFile, writeLockFile } from '../../documents/lock-file.ts';
import type { LockFlags } from './flags.ts';

/** The lock that the options mean. Throws a {@link UsageError}. */
export async function lockNamed({ lock, host }: LockFlags): Promise<string> {
  if (lock !== undefined) return lock;
  const opened = await openProject({});
  if (opened.kind === 'project') return inProject(opened.project, hostNamed(opened.project, host).lock);
  if (opened.kind !== 'none') throw new UsageError(`the ${projectName} here or above cannot be used: bhyvec check`);
  if (host !== undefined) throw new UsageError(`--host: there is no ${projectName} here or above`);
  return lockName;
}

/** Runs `bhyvec lock rename`. */
export function renameGuest(from: string, to: string, lock: string, terminal: Terminal): ExitStatus {
  const status = change(lock, terminal, (hardware) => {
    if (hardware.has(to) && hardware.has(from)) return `there is a guest '${to}' already: bhyvec lock free ${to} first`;
    return renamed(hardware, from, to) ?? unknown('guest', from, [...hardware.keys()]);
  });
  // No lock has files of the host: what is in this one decides from what the guest boots.
  if (status === exitStatus.done) {
    const [old, fresh] = [`${printable(from)}_VARS.*`, `${printable(to)}_VARS.*`];
    terminal.err(
      `UEFI variables that no <nvram> names are kept by the guest's name: on the host ${old} becomes ${fresh}\n`,
    );
  }
  return status;
}

/** Runs `bhyvec lock free`. */
export function freeDevices(guest: string, devices: readonly string[], lock: string, terminal: Terminal): ExitStatus {
  return change(lock, terminal, (hardware) => {
    const known = hardware.get(guest);
    if (known === undefined) return unknown('guest', guest, [...hardware.keys()]);
    const wrong = devices.find((key) => !known.has(key));
    const keys = [...known.keys()].filter((key) => key !== guestKey);
    return wrong === undefined ? (freed(hardware, guest, devices) ?? '') : unknown(`device of ${guest}`, wrong, keys);
  });
}

function unknown(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no ${kind} '${name}'${near === null ? '' : `; did you mean '${near}'?`}`;
}

/** Writes what the lock becomes, or says why it does not. */
function change(file: string, terminal: Terminal, work: (hardware: Hardware) => Hardware | string): ExitStatus {
  const refuse = (problem: string): ExitStatus => {
    terminal.err(`bhyvec: ${printable(problem)}\n`);
    return exitStatus.mistakes;
  };
  const found = readLockFile(file);
  if ('problem' in found) return refuse(found.problem);
  if (found.text === null) return refuse(`${file}: no such file or directory`);
  const changed = work(found.hardware);
  if (typeof changed === 'string') return refuse(`${file}: ${changed}`);
  try {
    writeLockFile(file, lockText(changed));
    return exitStatus.done;
  } catch (error) {
    return refuse(problemOf(file, error).problem);
  }
}
