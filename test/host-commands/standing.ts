/**
 * A stand-in host for the commands of `bhyvec host`: test/host with commands of a test in front of its own, and bhyve's
 * grammar in this process for tests that ask it many questions.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Answer } from '../../src/host/probing/answer.ts';
import type { Program, Run } from '../cli/program.ts';
import { createHost, HOST_BIN, type Host, type HostOptions } from '../host/host.ts';
import { Refusal } from '../host/lib/config-tree.mjs';
import { makePlan } from '../host/lib/plan.mjs';
import { releaseNumber } from '../host/lib/releases.mjs';

/** A stand-in host with a folder of commands in front of its own. */
export interface Standing {
  readonly host: Host;
  /** The environment of a process that shall see this host. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a command in front of those of the host: an sh script, without its first line. */
  command(name: string, script: string): void;
  /** Puts a file onto the host. */
  file(name: string, text: string): void;
  bhyvec(program: Program, ...words: readonly string[]): Run;
  dispose(): void;
}

/** Makes a host; a command that is not to be there is hidden by {@link Standing.command} with `exit 127`. */
export function standingHost(options: HostOptions): Standing {
  const host = createHost(options);
  const front = mkdtempSync(path.join(tmpdir(), 'bhyvec-front-'));
  const PATH = [front, HOST_BIN, process.env['PATH'] ?? '/usr/bin:/bin'].join(':');
  const env = { ...host.env, PATH };
  return {
    host,
    env,
    command: (name, script) => {
      writeFileSync(path.join(front, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    file: (name, text) => {
      mkdirSync(path.dirname(host.path(name)), { recursive: true });
      writeFileSync(host.path(name), text);
    },
    bhyvec: (program, ...words) => program.run(words, { env }),
    dispose: () => {
      host.dispose();
      rmSync(front, { recursive: true });
    },
  };
}

/** What bhyve of a release answers to words, by the grammar of the stand-in host. */
export function bhyveAnswer(release: string, arch: string, words: readonly string[]): Answer {
  const rel = releaseNumber(release);
  try {
    makePlan([...words], { rel, arch, failure: rel >= 1200 ? 4 : 1, read: () => '' });
    return { status: 0, out: '', err: '', problem: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isUsage = error.output.startsWith('Usage');
    return { status: error.status, out: isUsage ? '' : error.output, err: isUsage ? error.output : '', problem: null };
  }
}
