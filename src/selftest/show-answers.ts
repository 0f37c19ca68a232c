/** What a report says, as text for whoever keeps the table of releases. */
import { printable } from '../diagnostics/printable.ts';
import type { Answer, Reading } from './answers.ts';
import type { SelftestReport } from './report-shape.ts';

/** The text, with a newline at its end. */
export function showAnswers(report: SelftestReport, { release, answers, others }: Reading): string {
  const named = report.facts.find(({ name }) => name === 'release')?.value ?? 'an unknown release';
  const count = (result: string): string => String(report.tests.filter((test) => test.result === result).length);
  const having = (verdict: Answer['verdict']): readonly Answer[] =>
    answers.filter((answer) => answer.verdict === verdict);
  const lines = [
    `FreeBSD ${named}: ${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`,
    ...(report.problem === null ? [] : [`it was not run to its end: ${report.problem}`]),
    ...(release === null ? ['the table has no such release, so that no row follows from it'] : []),
    ...(['contrary', 'settled', 'open', 'says nothing'] as const).flatMap((verdict) => having(verdict).map(lineOf)),
    `answers that agree with src/host/releases.ts: ${String(having('agrees').length)}`,
    ...others.flatMap(({ name, value, place }) => [`${name}: ${value}`, `  hangs on it: ${String(place)}`]),
  ];
  // A report comes from somebody else: nothing in it moves the cursor.
  return `${lines.map(printable).join('\n')}\n`;
}

const tables = { yes: 'there', no: 'absent', unknown: 'in doubt' } as const;

function lineOf({ capability, host, said, table, verdict }: Answer): string {
  const answer = said === null ? 'nobody asked' : `${host === null ? '' : `${host}, for it `}${said}`;
  return `${verdict}: ${capability}: ${answer}; the table has it ${tables[table]}`;
}
