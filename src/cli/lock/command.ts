/** The commands on `bhyvec.lock` with their help. */
import type { Command } from 'commander';
import { lockName } from '../../hardware/lock-text.ts';
import type { LockFlags } from './flags.ts';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';

const help = `
Examples:
  bhyvec lock rename web www             # the guest web is called www now, and keeps its hardware
  bhyvec lock free web 'disk vdb'        # the next build gives disk vdb of web a new place
  bhyvec lock free web                   # the same for the whole guest`;

/** Adds them; `finish` is told the exit status. */
export function addLock(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const command = program.command('lock').description('change what is remembered of the hardware of guests');
  command.addHelpText('after', help);
  const rename = command.command('rename').description('give the hardware of a guest to one of another name');
  withLock(rename)
    .argument('<old>', 'the name until now')
    .argument('<new>', 'the name in the XML')
    .action(async (from: string, to: string) => {
      const { lockNamed, renameGuest } = await import('./change.ts');
      finish(renameGuest(from, to, await lockNamed(rename.opts<LockFlags>()), terminal));
    });
  const free = command.command('free').description('forget where devices of a guest were: the next build places them');
  withLock(free)
    .argument('<guest>', 'the name of the guest')
    .argument('[devices...]', 'as the lock names them; all without one')
    .action(async (guest: string, devices: readonly string[]) => {
      const { freeDevices, lockNamed } = await import('./change.ts');
      finish(freeDevices(guest, devices, await lockNamed(free.opts<LockFlags>()), terminal));
    });
}

function withLock(command: Command): Command {
  return command
    .option('--lock <file>', `the lock (default: that of the project, or "${lockName}")`)
    .option('--host <host>', 'the host of the project whose lock it is');
}
