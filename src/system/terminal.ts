/**
 * The edge of the program: standard output and error, colour, exit status. A reader that goes away (EPIPE) ends the
 * run quietly.
 */
import pc from 'picocolors';
import { plain, type Palette } from '../diagnostics/render.ts';
import { createProgress, type Progress } from './progress.ts';

/** What the exit status says. */
export const exitStatus = {
  /** All was done. */
  done: 0,
  /** There are mistakes in the input, or it cannot be read. */
  mistakes: 1,
  /** The command line is wrong. */
  usage: 2,
  /** `bhyvec plan` alone: something would change. */
  changes: 2,
  /** A bug of ours (EX_SOFTWARE of sysexits(3)). */
  bug: 70,
} as const;

/** What the exit status of `bhyvec run` says of the guest; 0 is that it powered off or was stopped on request. */
export const runStatus = {
  /** It could not be started, or not be unmade. */
  notStarted: 3,
  /** It reset, and on_reboot is not restart. */
  reset: 4,
  /** On request it had to be forced or killed. */
  forced: 5,
  /** A triple fault, an error of bhyve, a signal. */
  crashed: 6,
  /** It ended again and again. */
  crashLoop: 7,
  /** It ended and was preserved. */
  preserved: 8,
} as const;

/** One of {@link exitStatus} or {@link runStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus] | (typeof runStatus)[keyof typeof runStatus];

/** The command line is wrong in a way that the option parser cannot see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a command writes to. */
export interface Terminal {
  /** Writes to standard output; resolves when more may be written. */
  out(text: string): Promise<void>;
  /** Writes to standard error. */
  err(text: string): void;
  /** Columns of standard output, where it is a terminal that tells. */
  readonly columns?: number;
  /** The colours for standard output. */
  readonly outPalette: Palette;
  /** The colours for standard error. */
  readonly errPalette: Palette;
  /** What is being worked on, for the report of a bug of ours. */
  doing: string | null;
  /** Shows a long run where it is; absent where standard error is none for people, null for a command that prints for programs. */
  progress?: Progress | null;
}

/** Whether a stream is to be coloured: it is a terminal that can, and NO_COLOR is not set (no-color.org). */
export function wantsColour(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}

function endOnError(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && stream !== process.stderr) {
      process.stderr.write(`bhyvec: cannot write to standard output: ${error.message}\n`);
      process.exit(exitStatus.mistakes);
    }
    process.exit();
  });
}

/** The progress of this process; on a terminal that cannot erase there is none. */
function progressOn(stderr: NodeJS.WriteStream): Progress | null {
  if (!stderr.isTTY || process.env['TERM'] === 'dumb') return null;
  return createProgress({
    write: (text) => void stderr.write(text),
    columns: () => stderr.columns,
    clock: () => performance.now(),
  });
}

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const progress = progressOn(stderr);
  endOnError(stdout);
  endOnError(stderr);
  const paletteOf = (stream: { readonly isTTY?: boolean }): Palette =>
    wantsColour(stream.isTTY ?? false, env) ? pc.createColors(true) : plain;
  return {
    async out(text) {
      progress?.(null);
      if (stdout.write(text)) return;
      await new Promise<void>((resolve) => {
        stdout.once('drain', resolve);
      });
    },
    err(text) {
      progress?.(null);
      stderr.write(text);
    },
    ...(stdout.isTTY && stdout.columns > 0 ? { columns: stdout.columns } : {}),
    outPalette: paletteOf(stdout),
    errPalette: paletteOf(stderr),
    doing: null,
    progress,
  };
}
