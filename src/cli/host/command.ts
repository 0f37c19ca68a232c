/** The commands `bhyvec host validate`, `probe` and `selftest` with their options and help. */
import { Option, type Command } from 'commander';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import type { SelftestFlags } from './selftest.ts';
import type { ValidateFlags } from './validate.ts';

const examples = `
Examples:
  bhyvec host validate                # whether this FreeBSD host can run guests, and what to do if not
  bhyvec host validate --format json  # the same for programs
  bhyvec host probe > host.json       # what this host can do, as a host profile
  bhyvec argv --host host.json guest.xml
  bhyvec host selftest                # run small guests of its own here, as root, and tell what came of it
  bhyvec host selftest --print > selftest.sh
  bhyvec host selftest --read report.tap   # what a report settles, and what it contradicts`;

/** Adds them; `finish` is told the exit status. */
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
  const selftest = host.command('selftest').description('run small guests of its own on this host; unmake all');
  selftest
    .option('--keep-going', 'go on after a test that failed')
    .option('--only <name...>', 'these tests alone; * stands for any letters')
    .addOption(new Option('-f, --format <format>', 'json is for programs').choices(['tap', 'json']).default('tap'))
    .option('--list', 'name the tests, and do nothing')
    .option('--clean', 'remove what a run that was killed has left, and do nothing else')
    .option('--print', 'print all of it as one sh script that needs the base system only')
    .option('--read <file>', 'read a report, in TAP or JSON, and tell what it says of our table of releases')
    .action(async () => {
      const { runSelftest } = await import('./selftest.ts');
      finish(await runSelftest(selftest.opts<SelftestFlags>(), terminal));
    });
}
