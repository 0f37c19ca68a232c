/** What the self-test has told in TAP, for programs (`report-shape.ts`). Pure: text in, an object out. */
import type { Fact, SelftestReport, TestResult } from './report-shape.ts';

/** The version of the JSON. */
export const reportVersion: SelftestReport['version'] = 1;

/** Reads TAP of version 13 as sh/tap.sh writes it; what it does not know it passes over. */
export function readTap(text: string): SelftestReport {
  const facts: Fact[] = [];
  const tests: TestResult[] = [];
  let planned: number | null = null;
  let problem: string | null = null;
  for (const line of text.split('\n')) {
    const plan = /^1\.\.(\d+)(?: # SKIP (.*))?$/.exec(line);
    const test = /^(not ok|ok) \d+ - ([^:]+): (.*)$/.exec(line);
    if (plan !== null) {
      planned = Number(plan[1]);
      problem = plan[2] ?? problem;
    } else if (test !== null) tests.push(testOf(test));
    else if (line.startsWith('Bail out! ')) problem = line.slice('Bail out! '.length);
    else if (!readFact(line, facts)) readLog(line, tests);
  }
  if (problem === null && planned !== tests.length) problem = 'the test was cut off';
  const passed = problem === null && tests.every(({ result }) => result !== 'fail');
  return { version: reportVersion, passed, problem, facts, tests };
}

function testOf([, result, name = '', rest = '']: readonly string[]): TestResult {
  const [title = '', reason] = rest.split(' # SKIP ');
  if (result === 'not ok') return { name, title, result: 'fail', reason: null, log: [] };
  return { name, title, result: reason === undefined ? 'pass' : 'skip', reason: reason ?? null, log: [] };
}

/** Whether the line is about a fact. */
function readFact(line: string, facts: Fact[]): boolean {
  const fact = /^# fact ([^:]+): (.*)$/.exec(line);
  const place = /^# hangs on it: (.*)$/.exec(line)?.[1];
  const last = facts.at(-1);
  if (fact !== null) facts.push({ name: fact[1] ?? '', value: fact[2] ?? '', place: null });
  else if (place !== undefined && last !== undefined) facts[facts.length - 1] = { ...last, place };
  return fact !== null || place !== undefined;
}

/** The block below a failure: its message, and the log with four blanks before each line. */
function readLog(line: string, tests: TestResult[]): void {
  const last = tests.at(-1);
  if (last?.result !== 'fail') return;
  const message = /^ {2}message: (.*)$/.exec(line)?.[1];
  if (message !== undefined) tests[tests.length - 1] = { ...last, reason: unquoted(message) };
  else if (line.startsWith('    ')) tests[tests.length - 1] = { ...last, log: [...last.log, line.slice(4)] };
}

/** Of a scalar in single quotes; reports of old have it without. */
function unquoted(message: string): string {
  const inside = /^'(.*)'$/.exec(message)?.[1];
  return inside === undefined ? message : inside.replaceAll("''", "'");
}
