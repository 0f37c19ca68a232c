/** What is to be run: the plan of one guest, compiled from its XML or read from a plan.json, and its secrets. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { emitRun } from '../../backends/emit.ts';
import { readPlan } from '../../backends/plan-file/read.ts';
import { printable } from '../../diagnostics/printable.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { resourceKinds } from '../../frontend/xml/root-name.ts';
import type { Plan } from '../../ir/plan.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { largestSeed, seedFile } from '../../ir/steps/seed.ts';
import { compileAll, printDiagnostics } from '../../documents/documents.ts';
import { createTally } from '../../documents/tally.ts';
import { onlyJob } from '../../documents/jobs.ts';
import { readInput, type InputProblem } from '../../documents/inputs.ts';
import type { Guest } from '../../run/keeper.ts';
import { problemOf } from '../../system/file-problems.ts';
import { readRegular as readRegularFile } from '../../system/regular-file.ts';
import type { Terminal } from '../../system/terminal.ts';
import { largestDocument, mebibytes } from '../../text/limits.ts';
import { readPasswords, reportUnusedPasswords } from '../../documents/passwords.ts';
import type { RunFlags } from './flags.ts';

/** The guest that the file describes; null after mistakes, which have been told. */
export async function guestOf(file: string, flags: RunFlags, terminal: Terminal): Promise<Guest | null> {
  const { secretsFrom } = flags;
  const passwords = secretsFrom === undefined ? new Map<string, string>() : await readPasswords(secretsFrom, terminal);
  if (passwords === null) return null;
  const guest = file.endsWith('.json')
    ? await fromPlan(file, passwords, terminal)
    : await fromXml(file, flags, passwords, terminal);
  if (guest !== null && secretsFrom !== undefined)
    reportUnusedPasswords(secretsFrom, passwords, [guest.plan], terminal);
  return guest;
}

async function fromXml(
  file: string,
  flags: RunFlags,
  passwords: ReadonlyMap<string, string>,
  terminal: Terminal,
): Promise<Guest | null> {
  const found: Diagnostic[] = [];
  const job = await onlyJob([file], flags, terminal, found);
  printDiagnostics(found, terminal);
  if (job === null) return null;
  const { settings } = job;
  const tally = createTally();
  const plans: Plan[] = [];
  const own = { ...settings, options: { ...settings.options, passwords } };
  for await (const outcome of compileAll([file], own, terminal)) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
    else {
      // Notes are for who watches.
      const wanted = outcome.diagnostics.filter(({ severity }) => severity !== 'note' || process.stderr.isTTY);
      printDiagnostics(wanted, terminal);
      if (outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
      const [kind] = resourceKinds.filter((one) => outcome.compilation?.[one] != null);
      if (kind !== undefined) terminal.err(`bhyvec: ${printable(outcome.name)}: is a ${kind}, and run takes a guest\n`);
    }
  }
  if (tally.errors > 0) terminal.err(renderSummary(tally));
  const [plan, ...others] = plans;
  if (tally.errors > 0 || plan === undefined) return null;
  if (others.length > 0) {
    terminal.err(`bhyvec: ${printable(file)}: these are ${String(plans.length)} guests, and run takes one\n`);
    return null;
  }
  const { secrets, seed } = emitRun(plan);
  return { plan, secrets, seed };
}

async function fromPlan(
  file: string,
  passwords: ReadonlyMap<string, string>,
  terminal: Terminal,
): Promise<Guest | null> {
  const refuse = (problem: string): null => {
    terminal.err(`bhyvec: ${printable(problem)}\n`);
    return null;
  };
  const bytes = await readRegular(file);
  if ('problem' in bytes) return refuse(bytes.problem);
  if (bytes.length > largestDocument) {
    return refuse(`${file}: this is no plan that can be run: it is longer than ${mebibytes(largestDocument)}`);
  }
  const read = readPlan(new TextDecoder().decode(bytes), (vmname) => passwords.get(vmname) ?? null);
  if (!read.ok) return refuse(`${file}: this is no plan that can be run: ${read.problem}`);
  const { plan, missing } = read;
  const seed = plan.steps.some(({ kind }) => kind === 'seed') ? readBeside(file, seedFile) : null;
  if (seed !== null && 'problem' in seed) return refuse(seed.problem);
  if (missing === null) return { plan, secrets: emitRun(plan).secrets, seed };
  if (missing === 'words') {
    return refuse(`${file}: the VNC password is not in a plan: run the XML, or give the password with --secrets-from`);
  }
  const beside = path.join(path.dirname(file), 'secrets.conf');
  if (!existsSync(beside)) {
    return refuse(
      `${file}: its secrets.conf is not beside it: run the XML, or give the VNC password with --secrets-from`,
    );
  }
  const secrets = await readRegular(beside);
  if ('problem' in secrets) return refuse(secrets.problem);
  return { plan, secrets: new TextDecoder().decode(secrets), seed };
}

/** A file of the same build that is no text. */
function readBeside(plan: string, name: string): Uint8Array | InputProblem {
  const file = path.join(path.dirname(plan), name);
  const missing = { problem: `${plan}: its ${name} is not beside it: run the XML` };
  if (!existsSync(file)) return missing;
  const found = readRegularFile(file, largestSeed);
  return found.kind === 'file' ? found.bytes : { problem: `${file}: is no file of a build` };
}

/** The bytes of a file of a build; a FIFO or a device in its place would be waited for. */
async function readRegular(file: string): Promise<Uint8Array | InputProblem> {
  try {
    const status = statSync(file);
    if (!status.isFile() && !status.isDirectory()) return { problem: `${file}: is not a file` };
  } catch (error) {
    return problemOf(file, error);
  }
  return readInput({ name: file, path: file });
}
