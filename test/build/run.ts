/** Commands of bhyvec in this process: what they print, and their exit status. */
import { plain } from '../../src/diagnostics/render.ts';
import { UsageError, type ExitStatus, type Terminal } from '../../src/system/terminal.ts';
import type { Built } from './workshop.ts';

/** Runs a command with a terminal; wrong usage is status 2. */
export async function run(work: (terminal: Terminal) => Promise<ExitStatus>): Promise<Built> {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    out: (text) => Promise.resolve(void (out += text)),
    err: (text) => void (err += text),
    ...{ outPalette: plain, errPalette: plain, doing: null },
  };
  try {
    return { status: await work(terminal), out, err };
  } catch (error) {
    if (error instanceof UsageError) return { status: 2, out, err: error.message };
    throw error;
  }
}
