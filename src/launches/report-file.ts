/** Reads the report of a launcher as it grows: whole lines only, from where the last reading ended. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFact, type Fact } from './facts.ts';
import { errorCode } from '../system/trouble.ts';

/** A line of a report. */
export interface ReportLine {
  /** Counts from 1. */
  readonly line: number;
  /** Null where this supervisor does not know it. */
  readonly fact: Fact | null;
}

/** A report that is being followed. */
export interface ReportReader {
  /** The lines that were added; null where there is no such file. */
  read(): readonly ReportLine[] | null;
}

const chunk = 64 * 1024;

/** Shared by all readers: reading does not wait, and a new one for each look is mostly work for the collector. */
const bytes = Buffer.allocUnsafe(chunk);

/** Follows the report in a file. */
export function createReportReader(file: string): ReportReader {
  let offset = 0;
  let line = 0;
  let rest = '';

  function append(text: string, found: ReportLine[]): void {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      line += 1;
      found.push({ line, fact: readFact(Buffer.from(one, 'latin1').toString('utf8')) });
    }
  }

  return {
    read() {
      let descriptor: number;
      try {
        descriptor = openSync(file, 'r');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
      try {
        const found: ReportLine[] = [];
        for (;;) {
          const count = readSync(descriptor, bytes, 0, chunk, offset);
          offset += count;
          // Each byte is its own character here: a line may be cut within one of UTF-8, and is put together below.
          if (count > 0) append(bytes.toString('latin1', 0, count), found);
          if (count < chunk) return found;
        }
      } finally {
        closeSync(descriptor);
      }
    },
  };
}
