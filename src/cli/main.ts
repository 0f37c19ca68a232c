#!/usr/bin/env node
/**
 * The program `bhyvec`: runs the command that the arguments name and sets the exit status. This file and what it
 * imports at once are all that `bhyvec --version` loads; every command loads the rest when it is called.
 */
import { CommanderError } from 'commander';
import { exitStatus, openTerminal, UsageError, type ExitStatus, type Terminal } from './output.ts';
import { buildProgram } from './program.ts';

function reportBug(error: unknown, terminal: Terminal): ExitStatus {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const doing = terminal.doing === null ? '' : ` (${terminal.doing})`;
  terminal.err(
    `bhyvec: this is a bug in bhyvec ${BHYVEC_VERSION}${doing}; please report it with the input\n${stack}\n`,
  );
  return exitStatus.bug;
}

function statusOf(error: unknown, terminal: Terminal): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
  if (!(error instanceof UsageError)) return reportBug(error, terminal);
  terminal.err(`bhyvec: ${error.message}\n`);
  return exitStatus.usage;
}

async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const state: { status: ExitStatus } = { status: exitStatus.done };
  try {
    await buildProgram(terminal, (status) => (state.status = status)).parseAsync(words, { from: 'user' });
    return state.status;
  } catch (error) {
    return statusOf(error, terminal);
  }
}

process.exitCode = await run(process.argv.slice(2), openTerminal());
