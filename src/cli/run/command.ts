/** The command `bhyvec run` with its options and help. */
import type { Command } from 'commander';
import { addCompileOptions, addLockOptions } from '../options.ts';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import type { RunFlags } from './flags.ts';

const help = `
Ctrl-C (or SIGTERM, SIGHUP) once asks the guest to power off, twice forces it, three times kills it.

Exit status:
  0   the guest powered off, halted, or was stopped on request
  1   mistakes in the input, or it cannot be read
  2   wrong usage
  3   the guest could not be started, or something could not be unmade
  4   it reset, and on_reboot is not restart
  5   on request it had to be forced or killed
  6   it crashed: triple fault, error of bhyve, signal
  7   it ended again and again
  8   it ended and was preserved
  70  a bug in bhyvec

Examples:
  bhyvec run guest.xml                  # run it here until it ends
  bhyvec run --console guest.xml        # with its serial console; ^] leaves it, or ~. at the start of a line
  bhyvec run --dry-run guest.xml        # print what would be done
  bhyvec run guests/web/plan.json       # what bhyvec build has written`;

/** Adds it; `finish` is told the exit status. */
export function addRun(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const command = program.command('run').description('run one guest in the foreground, and unmake all when it ends');
  command
    .argument('<file>', 'a domain XML, or a plan.json that bhyvec build has written')
    .option('--console', 'attach to the first serial console')
    .option('--dry-run', 'print each step that would be taken; touch nothing')
    .option('--secrets-from <file>', 'JSON with the VNC passwords of guests');
  addLockOptions(addCompileOptions(command, false))
    .addHelpText('after', help)
    .action(async (file: string) => {
      const { runRun } = await import('./run.ts');
      finish(await runRun(file, command.opts<RunFlags>(), terminal));
    });
}
