/** Findings as text in the shape of virt-host-validate(1), and as JSON, which has the shape of `shape.ts`. */
import type { Palette } from '../../diagnostics/render.ts';
import { printable } from '../../diagnostics/printable.ts';
import type { Cure, Finding, Result } from './finding.ts';
import type { Observed } from './observed.ts';
import type { Validation } from './shape.ts';
import { isFit } from './validate.ts';

/** The version of the JSON. */
export const validationVersion = 1;

const driver = 'BHYVE';
const labels: Readonly<Record<Cure['when'], string>> = { now: 'now:', boot: 'at boot:', setup: 'to do:' };

/** A line for each check, with its cures below a miss. */
export function renderFindings(findings: readonly Finding[], palette: Palette): string {
  return findings.flatMap((finding) => [lineOf(finding, palette), ...finding.cures.map(cureOf)]).join('');
}

/** Shape and width are those of libvirt's msg helpers: programs that read the one can read the other. */
function lineOf({ subject, result, message }: Finding, palette: Palette): string {
  const head = `${driver.padStart(6)}: Checking ${printable(subject).padEnd(60)}: `;
  const word = colourOf(result, palette)(result.toUpperCase());
  return `${head}${word}${message === null ? '' : ` (${printable(message)})`}\n`;
}

function cureOf({ when, what }: Cure): string {
  return `${' '.repeat(10)}${labels[when].padEnd(9)}${printable(what)}\n`;
}

function colourOf(result: Result, palette: Palette): (text: string) => string {
  const colours = { pass: palette.green, fail: palette.red, warn: palette.yellow, note: palette.blue } as const;
  return colours[result];
}

/** The same for programs. */
export function findingsAsJson({ release, arch }: Observed, findings: readonly Finding[]): string {
  const checks = findings.map(({ id, subject, result, message, cures }) => {
    return { id, check: subject, result, message, cures: cures.map(({ when, what }) => ({ when, what })) };
  });
  const all: Validation = { version: validationVersion, host: { release, arch }, fit: isFit(findings), checks };
  return `${JSON.stringify(all, null, 2)}\n`;
}
