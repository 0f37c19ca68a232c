/** What is to be run: the plan of one guest, compiled from its XML or read from a plan.json, and its secrets. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { secretsBackend } from '../../backends/config/emit.ts';
import { readPlan } from '../../backends/plan-file/read.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import type { Plan } from '../../ir/plan.ts';
import { compileAll, createTally, printDiagnostics, settingsOf } from '../documents.ts';
import { readInput } from '../inputs.ts';
import type { Guest } from '../../run/keeper.ts';
import type { Terminal } from '../../system/terminal.ts';
import { readPasswords, reportUnusedPasswords } from '../passwords.ts';
import type { RunFlags } from './flags.ts';

/** The guest that the file describes; null after mistakes, which have been told. */
export async function guestOf(file: string, flags: RunFlags, terminal: Terminal): Promise<Guest | null> {
  const { secretsFrom } = flags;
  const passwords = secretsFrom === undefined ? new Map<string, string>() : readPasswords(secretsFrom, terminal);
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
  const settings = await settingsOf(flags, terminal);
  if (settings === null) return null;
  const tally = createTally();
  const plans: Plan[] = [];
  const own = { ...settings, options: { ...settings.options, passwords } };
  for await (const outcome of compileAll([file], own, terminal)) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${outcome.problem}\n`);
    else {
      // Notes are for who watches.
      const wanted = outcome.diagnostics.filter(({ severity }) => severity !== 'note' || process.stderr.isTTY);
      printDiagnostics(wanted, terminal);
      if (outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
    }
  }
  if (tally.errors > 0) terminal.err(renderSummary(tally));
  const [plan, ...others] = plans;
  if (tally.errors > 0 || plan === undefined) return null;
  if (others.length > 0) {
    terminal.err(`bhyvec: ${file}: these are ${String(plans.length)} guests, and run takes one\n`);
    return null;
  }
  return { plan, secrets: secretsBackend.emit(plan)[0]?.text ?? null };
}

async function fromPlan(
  file: string,
  passwords: ReadonlyMap<string, string>,
  terminal: Terminal,
): Promise<Guest | null> {
  const refuse = (problem: string): null => {
    terminal.err(`bhyvec: ${file}: ${problem}\n`);
    return null;
  };
  const bytes = await readInput({ name: file, path: file });
  if ('problem' in bytes) {
    terminal.err(`bhyvec: ${bytes.problem}\n`);
    return null;
  }
  const read = readPlan(new TextDecoder().decode(bytes), (vmname) => passwords.get(vmname) ?? null);
  if (!read.ok) return refuse(`this is no plan that can be run: ${read.problem}`);
  const { plan, missing } = read;
  if (missing === null) return { plan, secrets: secretsBackend.emit(plan)[0]?.text ?? null };
  if (missing === 'words') {
    return refuse('the VNC password is not in a plan: run the XML, or give the password with --secrets-from');
  }
  const beside = path.join(path.dirname(file), 'secrets.conf');
  if (!existsSync(beside)) {
    return refuse('its secrets.conf is not beside it: run the XML, or give the VNC password with --secrets-from');
  }
  try {
    const descriptor = openSync(beside, 'r');
    try {
      return { plan, secrets: readFileSync(descriptor, 'utf8') };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return refuse('its secrets.conf cannot be read');
  }
}
