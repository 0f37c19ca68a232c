/**
 * `npm run conformance -- PATH/cases.json [--json]`: runs the cases of a corpus laid out as libvirt's xml2argv tests.
 * Prints the failures and `N passed, N failed`, or with --json one object a line. Exit status 1 after a failure.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { unknownFlags } from './host.ts';
import { readManifest } from './manifest.ts';
import { runCase, type Report } from './run.ts';

/** Writes and waits until more may be written; a reader that goes away ends the run. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function describe({ result, problem, differences }: Report): string {
  const findings = result.diagnostics
    .filter(({ severity, code }) => severity === 'error' && code !== 'case')
    .map(({ code, message, line, column }) => `  ${String(line)}:${String(column)} ${code} ${message}\n`);
  const patches = differences.map(({ file, expected, actual }) =>
    createTwoFilesPatch(file, 'bhyvec', expected, actual, '', '', { context: 1 })
      .split('\n')
      .slice(1)
      .map((line) => `  ${line}`.trimEnd())
      .join('\n'),
  );
  return `FAIL ${result.id}: ${problem}\n${findings.join('')}${patches.join('')}`;
}

async function main(words: readonly string[]): Promise<number> {
  const isJson = words.includes('--json');
  const files = words.filter((word) => word !== '--json');
  const [file] = files;
  if (file === undefined || files.length > 1 || file.startsWith('-')) {
    process.stderr.write('usage: npm run conformance -- PATH/cases.json [--json]\n');
    return 2;
  }
  const cases = readManifest(readFileSync(file, 'utf8'));
  const flags = new Set<string>();
  let passed = 0;
  for (const one of cases) {
    const report = runCase(one, path.dirname(file));
    if (report.result.ok) passed += 1;
    if (!('problem' in one)) for (const flag of unknownFlags(one)) flags.add(flag);
    if (isJson) await write(`${JSON.stringify(report.result)}\n`);
    else if (!report.result.ok) await write(describe(report));
  }
  if (flags.size > 0) process.stderr.write(`flags without a capability: ${[...flags].join(', ')}\n`);
  if (!isJson) await write(`${String(passed)} passed, ${String(cases.length - passed)} failed\n`);
  return passed === cases.length ? 0 : 1;
}

process.stdout.on('error', () => process.exit());
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
