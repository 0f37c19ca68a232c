/** The guests that run, with their plans: those of a supervisor by their XML, the others by the plan.json of their launchers. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { readPlan } from '../../backends/plan-file/read.ts';
import type { RunningGuest } from '../../changes/running.ts';
import { compile } from '../../compile/compile.ts';
import type { CompileOptions } from '../../compile/stages.ts';
import { connectTo } from '../../control/client/client.ts';
import { ConnectionProblem } from '../../control/client/problem.ts';
import { chooseUri, defaultSocket } from '../../control/client/uri.ts';
import { CallFailure } from '../../control/protocol.ts';
import { states } from '../../control/vocabulary.ts';
import { printable } from '../../diagnostics/printable.ts';
import { readAbsoluteFiles } from '../../documents/named-files.ts';
import { hiddenSecret } from '../../ir/words.ts';
import { runningBhyves, type RunningBhyve } from '../../launches/running.ts';
import { createProcesses } from '../../system/processes.ts';
import { readRegular } from '../../system/regular-file.ts';
import { Trouble, reasonOf } from '../../system/trouble.ts';
import type { Terminal } from '../../system/terminal.ts';
import { largestDocument } from '../../text/limits.ts';

/**
 * Finds them. Where a supervisor is named, by `-c` or the environment, those that it runs; else all of this host.
 * @throws a {@link Trouble} where they cannot be asked for
 */
export async function runningGuests(
  options: CompileOptions,
  connect: string | undefined,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<readonly RunningGuest[]> {
  const isNamed = (connect ?? environment['BHYVEC_DEFAULT_URI'] ?? '') !== '';
  try {
    if (isNamed) return await keptGuests(options, connect, environment);
    const kept = existsSync(defaultSocket(environment)) ? await keptIfAny(options, environment, terminal) : [];
    const known = new Set(kept.map(({ guest }) => guest));
    const others = await guestsOfHost(options, environment);
    return [...kept, ...others.filter(({ guest }) => !known.has(guest)).map(ofLauncher)];
  } catch (error) {
    if (error instanceof ConnectionProblem || error instanceof CallFailure) throw new Trouble(error.message);
    throw error;
  }
}

async function guestsOfHost(
  { host }: CompileOptions,
  environment: NodeJS.ProcessEnv,
): Promise<readonly RunningBhyve[]> {
  const state = `${environment['BHYVEC_ROOT'] ?? ''}${host.stateDirectory}`;
  try {
    return await runningBhyves(createProcesses(environment), state);
  } catch (error) {
    throw new Trouble(`what runs here is not known: ${reasonOf(error)}`);
  }
}

/** A supervisor that was killed has left its socket: the process list knows its guests, too. */
async function keptIfAny(
  options: CompileOptions,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<readonly RunningGuest[]> {
  try {
    return await keptGuests(options, undefined, environment);
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    terminal.err(`bhyvec: ${printable(error.message)}\n`);
    return [];
  }
}

async function keptGuests(
  options: CompileOptions,
  connect: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<readonly RunningGuest[]> {
  const client = await connectTo(chooseUri(connect, environment), environment);
  try {
    const { domains } = await client.call('domain.list', {});
    const running: RunningGuest[] = [];
    for (const { name, state } of domains) {
      if (!states[state]) continue;
      // That a guest has a password is a fact of it; which one is shown nowhere.
      const { xml } = await client.call('domain.xml', { domain: name, inactive: false, secrets: true });
      running.push(ofXml(name, xml, options));
    }
    return running;
  } finally {
    client.close();
  }
}

/** Compiled as a supervisor compiles: each guest for itself, and without a lock. */
function ofXml(guest: string, text: string, options: CompileOptions): RunningGuest {
  const source = { name: `${guest}.xml`, text, files: readAbsoluteFiles(text) };
  const { plan, diagnostics } = compile(source, { ...options, strict: false });
  if (plan !== null) return { guest, plan };
  const error = diagnostics.find(({ severity }) => severity === 'error');
  const reason = error === undefined ? '' : `: ${error.message} (${error.code})`;
  return { guest, plan: null, why: `its XML does not compile for this host${reason}` };
}

function ofLauncher({ guest, launcher }: RunningBhyve): RunningGuest {
  const unknown = (why: string): RunningGuest => ({ guest, plan: null, why });
  if ('why' in launcher) return unknown(launcher.why);
  if (!path.isAbsolute(launcher.file))
    return unknown(`its launcher was called as ${launcher.file}, without its folder`);
  try {
    const file = path.join(path.dirname(realpathSync(launcher.file)), 'plan.json');
    // A build replaces what it changes: its time is that of the change, whatever was done to that of the contents.
    if (statSync(file).ctimeMs > launcher.since) return unknown(`${file} is newer than its start`);
    const found = readRegular(file, largestDocument);
    if (found.kind !== 'file') return unknown(`${file}: is no plan`);
    const read = readPlan(found.text, () => hiddenSecret);
    return read.ok ? { guest, plan: read.plan } : unknown(`${file}: ${read.problem}`);
  } catch (error) {
    return unknown(`${path.join(path.dirname(launcher.file), 'plan.json')}: ${reasonOf(error)}`);
  }
}
