/** `bhyvec host selftest --read FILE`: what a report says of the table of releases. */
import { readFileSync } from 'node:fs';
import { printable } from '../../diagnostics/printable.ts';
import { readAnswers } from '../../selftest/answers.ts';
import { readTap } from '../../selftest/report.ts';
import { selftestShape, type SelftestReport } from '../../selftest/report-shape.ts';
import { showAnswers } from '../../selftest/show-answers.ts';
import { problemOf } from '../../system/file-problems.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { jsonIn } from '../../text/json.ts';
import { check, faultText } from '../../text/shape.ts';

/** 0 where the report contradicts nothing; 1 where it does, or is none. JSON is the report as an object, whatever it came as. */
export async function readReport(file: string, isJson: boolean, terminal: Terminal): Promise<ExitStatus> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    terminal.err(`bhyvec: ${printable(problemOf(file, error).problem)}\n`);
    return exitStatus.mistakes;
  }
  const report = reportOf(text);
  if (typeof report === 'string') {
    terminal.err(`bhyvec: ${printable(file)}: ${report}\n`);
    return exitStatus.mistakes;
  }
  const reading = readAnswers(report);
  await terminal.out(isJson ? `${JSON.stringify(report, null, 2)}\n` : showAnswers(report, reading));
  return reading.answers.some(({ verdict }) => verdict === 'contrary') ? exitStatus.mistakes : exitStatus.done;
}

/** The report, or why it is none. */
function reportOf(text: string): SelftestReport | string {
  if (!/^\s*\{/.test(text)) {
    const report = readTap(text);
    return report.facts.length > 0 ? report : 'it is no report of the self-test: no fact is in it';
  }
  const value = jsonIn(text);
  if (value === undefined) return 'it is not JSON';
  const checked = check(selftestShape, value);
  return checked.ok ? checked.value : faultText(checked, 'the report');
}
