/** The commands `bhyvec host validate` and `bhyvec host probe` with their options and help. */
import { Option, type Command } from 'commander';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import type { ValidateFlags } from './validate.ts';

const examples = `
Examples:
  bhyvec host validate                # whether this FreeBSD host can run guests, and what to do if not
  bhyvec host validate --format json  # the same for programs
  bhyvec host probe > host.json       # what this host can do, as a host profile
  bhyvec argv --host host.json guest.xml`;

/** Adds both; `finish` is told the exit status. */
export function addHost(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const host = program.command('host').description('look at the FreeBSD host that this runs on');
  host.addHelpText('after', examples);
  const validate = host.command('validate').description('check whether this host can run guests; change nothing');
  validate
    .addOption(new Option('-f, --format <format>', 'text is for people').choices(['text', 'json']).default('text'))
    .action(async () => {
      const { runValidate } = await import('./validate.ts');
      finish(await runValidate(validate.opts<ValidateFlags>(), terminal));
    });
  host
    .command('probe')
    .description('print what this host can do as a host profile, for --host')
    .action(async () => {
      const { runProbe } = await import('./probe.ts');
      finish(await runProbe(terminal));
    });
}
