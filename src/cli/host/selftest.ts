/** `bhyvec host selftest`: prints the script of the self-test, or runs it here with sh. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRelease, releases, type Release } from '../../host/releases.ts';
import { readTap } from '../../selftest/report.ts';
import { selftestScript } from '../../selftest/script.ts';
import { identify } from '../../survey/identity.ts';
import { openSystem } from '../../survey/system.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Options of `bhyvec host selftest`. */
export interface SelftestFlags {
  readonly keepGoing?: boolean;
  readonly only?: readonly string[];
  readonly format: 'tap' | 'json';
  readonly list?: boolean;
  readonly clean?: boolean;
  readonly print?: boolean;
  readonly read?: string;
}

/** 0 where no test failed, 1 where one did or nothing can be tested here. */
export async function runSelftest(flags: SelftestFlags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.read !== undefined) {
    const { readReport } = await import('./read-selftest.ts');
    return readReport(flags.read, flags.format === 'json', terminal);
  }
  if (flags.print === true) {
    await terminal.out(selftestScript(BHYVEC_VERSION));
    return exitStatus.done;
  }
  const script = selftestScript(BHYVEC_VERSION, await ownReleases());
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-selftest-'));
  try {
    const file = path.join(folder, 'selftest.sh');
    writeFileSync(file, script, { mode: 0o600 });
    return await runScript(file, wordsOf(flags), flags, terminal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wordsOf({ keepGoing, only = [], list, clean }: SelftestFlags): readonly string[] {
  return [
    ...(keepGoing === true ? ['--keep-going'] : []),
    ...only.flatMap((name) => ['--only', name]),
    ...(list === true ? ['--list'] : []),
    ...(clean === true ? ['--clean'] : []),
  ];
}

async function runScript(
  file: string,
  words: readonly string[],
  flags: SelftestFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const isJson = flags.format === 'json' && flags.list !== true && flags.clean !== true;
  const child = spawn('/bin/sh', [file, ...words], {
    env: { ...process.env, ...ownProgram() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The script unmakes all before it ends; we wait for it.
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const piece of child.stdout) {
    if (isJson) text += String(piece);
    else await terminal.out(String(piece));
  }
  const status = await ended(child);
  for (const signal of signals) process.off(signal, pass);
  if (isJson) await terminal.out(`${JSON.stringify(readTap(text), null, 2)}\n`);
  if (status === 0) return exitStatus.done;
  return status === 2 ? exitStatus.usage : exitStatus.mistakes;
}

/** Null where a signal ended it. */
async function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => {
    child.once('close', resolve);
  });
}

/** The release of this host, where it is one that we know: its launchers alone are made, which takes less time. */
async function ownReleases(): Promise<readonly Release[]> {
  const identity = await identify(openSystem(process.env));
  const name = typeof identity === 'string' ? '' : identity.release.replace(/-.*$/, '');
  return isRelease(name) ? [name] : releases;
}

/** How the script calls us for the test of the supervisor: two words without blanks in them. */
function ownProgram(): Readonly<Record<string, string>> {
  const [node = '', main = ''] = process.argv;
  return /\s/.test(node + main) ? {} : { BHYVEC_SELFTEST_PROGRAM: `${node} ${main}` };
}
