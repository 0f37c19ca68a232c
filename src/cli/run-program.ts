/** Runs a program made with commander: its arguments, its errors, its exit status. */
import { CommanderError, type Command } from 'commander';
import { exitStatus, openTerminal, UsageError, type ExitStatus, type Terminal } from '../system/terminal.ts';

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

/**
 * Runs the program that `build` makes; it is given the terminal, is told the exit status of its command, and may look at
 * the words of the command line.
 */
export async function runProgram(
  build: (terminal: Terminal, finish: (status: ExitStatus) => void, words: readonly string[]) => Command,
): Promise<void> {
  const terminal = openTerminal();
  const state: { status: ExitStatus } = { status: exitStatus.done };
  const words = process.argv.slice(2);
  try {
    await build(terminal, (status) => (state.status = status), words).parseAsync(words, { from: 'user' });
    process.exitCode = state.status;
  } catch (error) {
    process.exitCode = statusOf(error, terminal);
  } finally {
    terminal.progress?.(null);
  }
}
