/**
 * `bhyvec rehearse`: runs the launchers of a build on a stand-in host that has all that the manifest says. Each guest
 * boots and powers off; the host's commands are printed; in the end the host is to be as it was.
 */
import { chooseGuests, readBuild, type BuiltGuest } from '../../rehearsal/manifest.ts';
import { makeHost, type Ended, type RehearsalHost } from '../../rehearsal/host.ts';
import { commandText, stateDiff, stateToCompare, withoutRoot } from '../../rehearsal/story.ts';
import { FolderProblem } from '../../build/folder.ts';
import type { RehearseFlags } from '../options.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Seconds until a guest has to run. */
const patience = 60;

/** Runs `bhyvec rehearse`. */
export async function runRehearse(
  folder: string,
  names: readonly string[],
  flags: RehearseFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  try {
    const build = readBuild(folder);
    const release = flags.release ?? build.release;
    if (release === null) {
      throw new FolderProblem(`${build.target} does not say which release it has: name one with --release`);
    }
    const guests = chooseGuests(build, names);
    terminal.doing = `rehearsing ${folder}`;
    const host = await makeHost(folder, release, guests);
    const forgetSignals = disposeOnSignals(host);
    try {
      return await rehearseAll(host, release, guests, terminal);
    } finally {
      forgetSignals();
      await host.dispose();
    }
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.err(`bhyvec: ${error.message}\n`);
    return exitStatus.mistakes;
  }
}

/** Who interrupts a rehearsal leaves no guests behind; gives what takes the handlers away again. */
function disposeOnSignals(host: RehearsalHost): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (signal: NodeJS.Signals): void => {
    forget();
    void host.dispose().finally(() => process.kill(process.pid, signal));
  };
  const forget = (): void => {
    for (const signal of signals) process.removeListener(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  return forget;
}

async function rehearseAll(
  host: RehearsalHost,
  release: string,
  guests: readonly BuiltGuest[],
  terminal: Terminal,
): Promise<ExitStatus> {
  let failures = 0;
  let before = stateToCompare(await host.state(), guests);
  let last = (await host.history()).at(-1)?.sequence ?? 0;
  for (const guest of guests) {
    await terminal.out(`${guest.name} on FreeBSD ${release} (${guest.arch})\n`);
    const ended = await runGuest(host, guest);
    const commands = (await host.history()).filter(({ sequence }) => sequence > last);
    for (const command of commands) await terminal.out(commandText(command, host.root));
    for (const line of withoutRoot(ended.text, host.root).split('\n')) {
      if (line !== '') await terminal.out(`  | ${line}\n`);
    }
    const after = stateToCompare(await host.state(), guests);
    const changed = stateDiff(before, after);
    const isGood = ended.status === 0 && changed === '';
    await terminal.out(changed === '' ? '' : `  what is not as it was:\n${changed}`);
    const status = ended.status === null ? 'was killed' : `exit status ${String(ended.status)}`;
    const end = changed === '' ? 'the host is as it was' : 'the host is not as it was';
    await terminal.out(`${guest.name}: ${status}, ${String(commands.length)} commands, ${end}\n\n`);
    failures += isGood ? 0 : 1;
    before = after;
    last = commands.at(-1)?.sequence ?? last;
  }
  await terminal.out(`${String(guests.length - failures)} of ${String(guests.length)} guests went well\n`);
  return failures === 0 ? exitStatus.done : exitStatus.mistakes;
}

/** A guest that powers off by itself; one that would start again is stopped; what is preserved is cleaned away. */
async function runGuest(host: RehearsalHost, { name, onPoweroff }: BuiltGuest): Promise<Ended> {
  if (onPoweroff !== 'restart') {
    await host.script(name, 'exit:1');
    const ended = await host.launch(name, 'run');
    return onPoweroff === 'preserve' ? both(ended, await host.launch(name, 'clean')) : ended;
  }
  await host.script(name, 'run');
  const running = host.launch(name, 'run');
  // If the launcher gives up before the guest runs, there is nothing to stop.
  const runs = await Promise.race([host.waitRunning(name, patience), running.then(() => false)]);
  const stopped = runs ? await host.launch(name, 'stop') : null;
  const ended = await running;
  return stopped === null ? ended : both(stopped, ended);
}

function both(one: Ended, other: Ended): Ended {
  return { status: one.status === 0 ? other.status : one.status, text: `${one.text}${other.text}` };
}
