/** The command `bhyvec init` with its options and help. */
import type { Command } from 'commander';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import type { InitFlags } from './init.ts';

const help = `
Examples:
  bhyvec init                           # a project here: bhyvec.json, an example, a .gitignore
  bhyvec init lab --target freebsd-14.3 # in a folder of its own, for another release`;

/** Adds it; `finish` is told the exit status. */
export function addInit(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const command = program.command('init').description('write a project: bhyvec.json, an example, a .gitignore');
  command
    .argument('[folder]', 'the folder of the project', '.')
    .option('--target <name>', 'the FreeBSD release of its host')
    .addHelpText('after', help)
    .action(async (folder: string) => {
      const { runInit } = await import('./init.ts');
      finish(await runInit(folder, command.opts<InitFlags>(), terminal));
    });
}
