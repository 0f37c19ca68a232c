/** Reports of real hosts, `reports/NAME.json`: what they say the table of releases says, and the stand-in host as well. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readAnswers, type Reading } from '../../src/selftest/answers.ts';
import { selftestShape, type Fact, type SelftestReport } from '../../src/selftest/report-shape.ts';
import { check, faultText } from '../../src/text/shape.ts';

/** A report, and what it says. */
export interface HostReport {
  readonly file: string;
  readonly report: SelftestReport;
  readonly reading: Reading;
}

const folder = path.join(import.meta.dirname, 'reports');

/** All of them. */
export const hostReports: readonly HostReport[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((file) => {
    const checked = check(selftestShape, JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    if (!checked.ok) throw new Error(`${file}: ${faultText(checked, 'the report')}`);
    return { file, report: checked.value, reading: readAnswers(checked.value) };
  });

/** Answers that follow from the processor or the settings of a host, and so from no release. */
const ofTheHost = /^(?:ps-before|vmm-node|pinned-vcpu|devices|console-without-terminal|fbuf-.*)$/;

/**
 * What the stand-in of a release answers otherwise than its real hosts, of what hangs on something.
 * @param facts of the stand-in
 */
export function differences(release: string, facts: readonly Fact[]): readonly string[] {
  const answers = new Map(facts.map(({ name, value }) => [name, value]));
  return hostReports
    .filter(({ reading }) => reading.release === release)
    .flatMap(({ file, report }) =>
      report.facts
        .filter(({ name, place }) => place !== null && !ofTheHost.test(name))
        .filter(({ name, value }) => answers.has(name) && answers.get(name) !== value)
        .map(({ name, value }) => `${file}: ${name}: ${value}; the stand-in: ${String(answers.get(name))}`),
    );
}
