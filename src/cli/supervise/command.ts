/** `bhyvec supervise` with its options and help. */
import { limits } from '../../ir/host.ts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { defaultTarget } from '../../host/default-target.ts';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import type { SuperviseFlags } from './flags.ts';
import { catchEndSignals, leave } from './signals.ts';

/** A whole number of the command line within limits. */
function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${String(least)} to ${String(most)}.`);
  };
}

const help = [
  '',
  'Examples:',
  '  bhyvec supervise                                            # in the foreground; Ctrl-C ends it, guests go on',
  '  bhyvec supervise --print-rc > /usr/local/etc/rc.d/bhyvecd   # the script for rc(8): service bhyvecd start',
  '  bhyvec supervise --group operator                           # the members of a group may use it',
  '  bhyvec supervise --documents /usr/local/etc/bhyvec/host     # with the networks and volumes of the host',
].join('\n');

/** Adds the command to a program. */
export function addSupervise(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  describeSupervise(program.command('supervise'), terminal, finish);
}

/** Gives a command the options and the help, and what it does. */
export function describeSupervise(command: Command, terminal: Terminal, finish: (status: ExitStatus) => void): Command {
  return command
    .description('keep guests: start, watch and stop them, as other commands say')
    .option('--socket <path>', 'the control socket, in place of /var/run/bhyvecd/sock')
    .option('--group <name>', 'members of this group may use the socket as well')
    .addOption(new Option('--host <profile>', 'compile for the host that this JSON file describes').conflicts('target'))
    .addOption(new Option('--target <name>', 'compile for this FreeBSD release').default(defaultTarget))
    .option('--stop-limit <seconds>', 'from the power button to force', whole(1, 86_400), limits.stop)
    .option('--force-limit <seconds>', 'from force to SIGKILL', whole(1, 3600), limits.force)
    .option('--loader-limit <seconds>', 'for the loader of a guest, in place of what the host has', whole(1, 86_400))
    .option('--parallel <number>', 'so many guests are prepared at the same time', whole(1, 1000), 16)
    .option('--documents <paths...>', 'networks, pools and volumes that guests are on: files, directories, patterns')
    .option('--print-rc', 'print the script for rc(8) and end')
    .addHelpText('after', help)
    .action(async (flags: SuperviseFlags) => {
      // First of all: even what it loads takes longer than a service manager may wait.
      const asked = catchEndSignals();
      const { runSupervise } = await import('./run.ts');
      const status = await runSupervise(flags, terminal, asked);
      finish(status);
      await leave(status);
    });
}
