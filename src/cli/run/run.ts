/** `bhyvec run`: one guest in the foreground. Everything that was made is unmade, whatever happens. */
import type { Fact } from '../../launches/facts.ts';
import { printable } from '../../diagnostics/printable.ts';
import type { Plan } from '../../ir/plan.ts';
import { tcpPortOf } from '../../ir/units.ts';
import { problemOf } from '../../system/file-problems.ts';
import type { RunFlags } from './flags.ts';
import { openConsole, type Console } from '../../consoles/foreground.ts';
import { dryRunText } from '../../run/dry-run.ts';
import { endOf } from '../../run/ending.ts';
import { guestOf } from './guest.ts';
import { makeFolder, startKeeper, type Keeper, type Over } from '../../run/keeper.ts';
import { createProgress, type Progress } from '../../run/progress.ts';
import { runCommand } from '../../system/command.ts';
import { Trouble } from '../../system/trouble.ts';
import { exitStatus, runStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

const outputLines = 20;

/** Runs `bhyvec run`. */
export async function runRun(file: string, flags: RunFlags, terminal: Terminal): Promise<ExitStatus> {
  const guest = await guestOf(file, flags, terminal);
  if (guest === null) return exitStatus.mistakes;
  const { plan } = guest;
  terminal.doing = `running ${plan.vmname}`;
  if (flags.dryRun === true) {
    await terminal.out(dryRunText(plan));
    return exitStatus.done;
  }
  const refuse = (problem: string): ExitStatus => {
    terminal.err(`bhyvec: ${plan.vmname}: ${printable(problem)}\n`);
    return runStatus.notStarted;
  };
  const root = process.env['BHYVEC_ROOT'] ?? '';
  const place = placeProblem(root);
  if (place !== null) return refuse(place);
  const console = plan.consoles[0];
  if (flags.console === true && console === undefined) return refuse('it has no serial console to attach to');
  if (flags.console === true && console?.kind === 'tcp' && tcpPortOf(console.service) === null)
    return refuse(`its console cannot be reached: ${console.service} is no TCP port`);
  await warnOfRelease(plan, terminal);
  const howToEnd = flags.console === true ? '^] leaves its console' : 'Ctrl-C asks it to power off';
  const progress = createProgress(process.stderr.isTTY, plan.vmname, howToEnd, (text) => {
    terminal.err(text);
  });
  // Before anything is made.
  const signals = catchSignals(progress);
  const attached: { console: Console | null } = { console: null };
  if (flags.console === true && console !== undefined) {
    try {
      attached.console = await openConsole(console, root, {
        output: (bytes) => process.stdout.write(bytes),
        left() {
          progress.say('left the console; the guest goes on, Ctrl-C asks it to power off');
        },
      });
    } catch (error) {
      return refuse(`its console cannot be opened: ${consoleProblem(error)}`);
    }
  }
  if (signals.count() > 0) {
    attached.console?.close();
    return refuse('stopped before anything was made');
  }
  // From here to the start of the launcher no signal can come between.
  let folder;
  try {
    folder = makeFolder(guest, root);
  } catch (error) {
    attached.console?.close();
    return refuse(`the folder of the run cannot be made: ${problemOf('/var/run', error).problem}`);
  }
  const keeper = startKeeper(folder, plan.vmname, (fact: Fact) => {
    progress.fact(fact);
    if (fact.kind === 'bhyve') attached.console?.bhyveBegins();
  });
  signals.press(keeper);
  try {
    const over = await keeper.over;
    attached.console?.close();
    return tellEnd(plan, over, signals.count() > 0, terminal, progress);
  } finally {
    attached.console?.close();
  }
}

function consoleProblem(error: unknown): string {
  return error instanceof Trouble ? error.message : problemOf('the node', error).problem;
}

/** Why nothing can be run here; null where it can. On a stand-in host (BHYVEC_ROOT) anybody may. */
function placeProblem(root: string): string | null {
  if (root !== '') return null;
  if (process.platform !== 'freebsd') {
    return 'bhyve needs FreeBSD; --dry-run shows what would be done, bhyvec rehearse runs a build on a stand-in host';
  }
  return process.getuid?.() === 0 ? null : 'only root can run guests: use su, doas or sudo';
}

/** Words of another release may be refused by this one, or mean something else. */
async function warnOfRelease({ release, target, vmname }: Plan, terminal: Terminal): Promise<void> {
  const running = (await runCommand('uname', ['-r'])) ?? '';
  const here = /-CURRENT/.test(running) ? 'main' : /^\d+\.\d+/.exec(running)?.[0];
  if (release === null || here === undefined || here === release) return;
  terminal.err(
    `bhyvec: ${vmname}: this host runs ${printable(running.trim())}, the guest is compiled for ${printable(target)}: ` +
      `name the host with --target, or with --host and what bhyvec host probe prints\n`,
  );
}

/** Signals that end a run. */
interface Signals {
  count: () => number;
  /** From now on each signal presses harder on the guest. */
  press: (keeper: Keeper) => void;
}

/** They stay caught to the last moment: one that comes late does not change the exit status, nor leave a raw terminal. */
function catchSignals(progress: Progress): Signals {
  let count = 0;
  let keeper: Keeper | null = null;
  const press = (): void => {
    count += 1;
    keeper?.stop();
    if (count === 1) progress.say('asked the guest to power off; press Ctrl-C again to force it');
    else if (count === 2) progress.say('forced; press Ctrl-C again to kill it');
    else progress.say('killed');
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, press);
  return {
    count: () => count,
    press(started) {
      keeper = started;
    },
  };
}

function tellEnd(plan: Plan, over: Over, asked: boolean, terminal: Terminal, progress: Progress): ExitStatus {
  const { status, message } = endOf(over.facts, over.launcherStatus, asked);
  progress.end();
  if (status === exitStatus.done) {
    progress.say(message);
    return status;
  }
  const say = (text: string): void => {
    terminal.err(`bhyvec: ${plan.vmname}: ${printable(text)}\n`);
  };
  const lines = over.output === '' ? [] : over.output.split('\n').slice(-outputLines);
  if (status !== runStatus.forced && lines.length > 0) {
    say('bhyve and its loader have printed:');
    for (const line of lines) terminal.err(`  ${printable(line)}\n`);
  }
  say(message);
  for (const fact of over.facts) if (fact.kind === 'also') say(fact.message);
  if (over.kept !== null) say(`sh ${over.kept}/launch clean removes what is left`);
  return status;
}
