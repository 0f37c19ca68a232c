/** What the self-test has told in TAP, for programs (schemas/selftest.schema.json). Pure: text in, an object out. */

/** The version of the JSON. */
export const reportVersion = 1;

/** What became of a test. */
export interface TestResult {
  readonly name: string;
  readonly title: string;
  readonly result: 'pass' | 'fail' | 'skip';
  /** Why it failed or was skipped; null for a pass. */
  readonly reason: string | null;
  /** What the launchers have said in a test that failed; empty else. */
  readonly log: readonly string[];
}

/** Something that the test has found out about the host. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** What hangs on it in the sources of bhyvec; null where nothing does. */
  readonly place: string | null;
}

/** The whole. */
export interface SelftestReport {
  readonly version: typeof reportVersion;
  /** Each test that was to run has passed or was skipped. */
  readonly passed: boolean;
  /** Why the test could not begin, or was given up; null where it came to its end. */
  readonly problem: string | null;
  readonly facts: readonly Fact[];
  readonly tests: readonly TestResult[];
}

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
  if (message !== undefined) tests[tests.length - 1] = { ...last, reason: message };
  else if (line.startsWith('    ')) tests[tests.length - 1] = { ...last, log: [...last.log, line.slice(4)] };
}
