/** `bhyvec init`: writes a project that builds as it is. What is there already is not overwritten. */
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printable } from '../../diagnostics/printable.ts';
import { targetNamed } from '../../documents/hosts.ts';
import { ignored, nextSteps, starterFiles } from '../../project/starter.ts';
import { problemOf } from '../../system/file-problems.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Options of `bhyvec init`. */
export interface InitFlags {
  readonly target?: string;
}

/** Runs `bhyvec init`. */
export async function runInit(folder: string, { target }: InitFlags, terminal: Terminal): Promise<ExitStatus> {
  if (folder === '') throw new UsageError('the name of the folder is empty');
  if (target !== undefined) targetNamed(target, undefined);
  const files = starterFiles(target);
  const refuse = (problem: string): ExitStatus => {
    terminal.err(`bhyvec: ${printable(problem)}\nbhyvec: nothing was written\n`);
    return exitStatus.mistakes;
  };
  const written: string[] = [];
  let current = folder;
  try {
    const there = files.filter((file) => isThere(path.join(folder, file.path)));
    const [other] = there.filter((file) => file.path !== gitignore);
    if (other !== undefined) return refuse(`${path.join(folder, other.path)}: is there already, and stays as it is`);
    for (const file of files.filter((one) => !there.includes(one))) {
      current = path.join(folder, file.path);
      mkdirSync(path.dirname(current), { recursive: true });
      writeFileSync(current, file.text, { flag: 'wx' });
      written.push(current);
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    return refuse(problemOf(current, error).problem);
  }
  const list = written.map((file) => `wrote ${printable(file)}\n`).join('');
  await terminal.out(`${list}${gitignoreAdvice(folder)}\n${nextSteps(printable(folder))}`);
  return exitStatus.done;
}

const gitignore = '.gitignore';

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** What is to be added to a .gitignore that was there before; empty where nothing is. */
function gitignoreAdvice(folder: string): string {
  const file = path.join(folder, gitignore);
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const missing = ignored.filter((line) => !lines.includes(line));
  return missing.length === 0 ? '' : `add to ${printable(file)}: ${missing.join(', ')}\n`;
}
