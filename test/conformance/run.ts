/** One case of the corpus: compiled in libvirt's dialect and compared with what libvirt's own test program expects. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatCommands } from '../../src/backends/argv/format.ts';
import { commandsOf, compileBytes } from '../../src/compile/compile.ts';
import type { Compilation } from '../../src/compile/stages.ts';
import { inSourceOrder } from '../../src/diagnostics/reporter.ts';
import { positionOf } from '../../src/diagnostics/source.ts';
import { hostOf } from './host.ts';
import type { BadCase, Case } from './manifest.ts';

/** What became of one case; this is also the line that `--json` prints. */
export interface Result {
  readonly id: string;
  readonly ok: boolean;
  readonly bhyve: string | null;
  readonly loader: string | null;
  readonly devmap: string | null;
  readonly diagnostics: readonly Finding[];
}

/** One diagnostic in short. */
export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Two texts that should have been equal. */
export interface Difference {
  readonly file: string;
  readonly expected: string;
  readonly actual: string;
}

/** A result with what a person wants to know about a failure. */
export interface Report {
  readonly result: Result;
  /** Why the case failed, in a sentence; empty where it passed. */
  readonly problem: string;
  readonly differences: readonly Difference[];
}

interface Outputs {
  readonly bhyve: string | null;
  readonly loader: string | null;
  readonly devmap: string | null;
}

const nothing: Outputs = { bhyve: null, loader: null, devmap: null };

/** The texts that libvirt's test program would compare. */
function outputsOf(compilation: Compilation): Outputs {
  const commands = commandsOf(compilation);
  const textFor = (role: 'loader' | 'bhyve'): string | null => {
    const wanted = commands.filter((command) => command.role === role);
    return wanted.length === 0 ? null : formatCommands(wanted, 'wrapped');
  };
  return { bhyve: textFor('bhyve'), loader: textFor('loader'), devmap: compilation.plan?.deviceMap ?? null };
}

/** Line breaks in a device map are for readers of the corpus. */
function joined(deviceMap: string): string {
  return deviceMap.replaceAll('\\\n', '').trim();
}

function compare(one: Case, folder: string, outputs: Outputs): readonly Difference[] {
  const pairs = [
    [one.args, outputs.bhyve, (text: string) => text] as const,
    [one.ldargs, outputs.loader, (text: string) => text] as const,
    [one.devmap, outputs.devmap, joined] as const,
  ];
  return pairs.flatMap(([file, text, normal]) => {
    if (file === null) return [];
    const expected = normal(readFileSync(path.join(folder, file), 'utf8'));
    const actual = normal(text ?? '');
    return expected === actual ? [] : [{ file, expected, actual }];
  });
}

function compileCase(one: Case, folder: string): Report {
  const file = path.join(folder, one.xml);
  const options = { host: hostOf(one), dialect: 'libvirt', schema: 'warn', strict: false } as const;
  const compilation = compileBytes(file, readFileSync(file), options);
  const findings = inSourceOrder(compilation.diagnostics).map(({ code, severity, message, span }) => {
    return { code, severity, message, ...positionOf(span.source, span.start) };
  });
  const isFailure = findings.some(({ severity }) => severity === 'error');
  const outputs = isFailure ? nothing : outputsOf(compilation);
  const differences = isFailure || one.expect === 'failure' ? [] : compare(one, folder, outputs);
  const asExpected = isFailure === (one.expect === 'failure');
  const problem = asExpected
    ? differences.length === 0
      ? ''
      : 'the output differs'
    : `a ${one.expect} is expected, this is a ${isFailure ? 'failure' : 'success'}`;
  return { result: { id: one.id, ok: problem === '', ...outputs, diagnostics: findings }, problem, differences };
}

/** Runs one case; a case that cannot be run has failed. */
export function runCase(one: Case | BadCase, folder: string): Report {
  const failed = (problem: string): Report => {
    const finding = { code: 'case', severity: 'error', message: problem, line: 0, column: 0 };
    return { result: { id: one.id, ok: false, ...nothing, diagnostics: [finding] }, problem, differences: [] };
  };
  if ('problem' in one) return failed(one.problem);
  try {
    return compileCase(one, folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return failed(error.message);
    return failed(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
