/** The self-test on a stand-in host that has all that its guests ask for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Release } from '../../src/host/releases.ts';
import { readTap } from '../../src/selftest/report.ts';
import type { SelftestReport } from '../../src/selftest/report-shape.ts';
import { selftestScript } from '../../src/selftest/script.ts';
import { createHost, type Host, type HostOptions, type Result, type Running } from '../host/host.ts';

/** The script of some releases in a file. */
export interface Script {
  readonly file: string;
  readonly text: string;
  readonly remove: () => void;
}

/** Writes the script; without releases, of all. */
export function writeScript(releases?: readonly Release[]): Script {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-suite-'));
  const file = path.join(folder, 'selftest.sh');
  const text = selftestScript('0.0.0', releases);
  writeFileSync(file, text);
  const remove = (): void => {
    rmSync(folder, { recursive: true });
  };
  return { file, text, remove };
}

/** What the guests ask for. */
export function standInHost(options: HostOptions = {}): Host {
  return createHost({
    release: '15.0',
    modules: ['vmm'],
    sysctls: { 'kern.racct.enable': '1' },
    nodes: ['/usr/local/lib/libslirp.so.0'],
    ...options,
  });
}

/** What a run may not change; modules stay loaded, and a null modem is there once somebody has asked for it. */
export function stateOf(host: Host): string {
  return host.state({ without: ['modules', 'nmdm'] });
}

/** No machine is too slow for it. */
const patient = { BHYVEC_SELFTEST_PATIENCE: '600', BHYVEC_SELFTEST_LIMIT: '36000' };

/** Starts the script, by a shell of one or two words. */
export function start(
  { file }: Script,
  host: Host,
  words: readonly string[],
  { shell = ['sh'], env = {} }: { shell?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Running {
  const [program = 'sh', ...more] = shell;
  // The launchers run under the same shell. No bhyvec is installed here, unless a test says which.
  const ours = { BHYVEC_SELFTEST_SHELL: shell.join(' '), BHYVEC_SELFTEST_PROGRAM: '', ...patient, ...env };
  return host.start(program, [...more, file, ...words], { env: ours });
}

/** Runs it to its end. */
export async function run(
  script: Script,
  host: Host,
  words: readonly string[],
  options: Parameters<typeof start>[3] = {},
): Promise<Result & { readonly report: SelftestReport }> {
  const result = await start(script, host, words, options).done;
  return { ...result, report: readTap(result.stdout) };
}

/**
 * Kills a run at its command of that number, or of those that match, and the command with it; false where it has fewer. Its subshells,
 * and what is about to become a command, come to that first: who looks afterwards looks later than that.
 */
export async function killAt(
  script: Script,
  host: Host,
  nth: number,
  words: readonly string[],
  pattern = '*',
): Promise<boolean> {
  host.pause(nth, { pattern });
  const running = start(script, host, words);
  if ((await host.pausedOrOver(running)) === null) return false;
  running.kill('SIGKILL');
  host.release({ abort: true });
  host.disarm();
  await running.done;
  await host.waitFor(() => !isRead(script.file));
  return true;
}

/** Whether a shell runs the file. */
function isRead(file: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => wordsOf(pid).includes(file));
}

/** Of a process that has ended there are none. */
function wordsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** `--only` before each name. */
export function only(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => ['--only', name]);
}

/** The tests of a report that did not pass, with why. */
export function troubles({ problem, tests }: SelftestReport): readonly string[] {
  const found = tests.filter(({ result }) => result !== 'pass');
  return [
    ...(problem === null ? [] : [problem]),
    ...found.map(({ name, result, reason, log }) => `${name} ${result}: ${[reason, ...log].join('\n')}`),
  ];
}
