// What hostctl does, as a function: for one call, or for one of many (serve.mjs).

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  armFault,
  armPause,
  disarm,
  killEverything,
  readPaused,
  release,
  resetHost,
  runningGuest,
  setScript,
  tellGuest,
} from './control.mjs';
import { createRoot } from './create.mjs';
import { furnish, furnishThings } from './furnish.mjs';
import { countCommands, readConfig, readHistory, received } from './records.mjs';
import { readState } from './state.mjs';
import { warmPlan } from './warm.mjs';

const USAGE = `usage: hostctl create ROOT [--release R] [--arch A] [--cpus N] [--bridge NAME[:MTU[:vlanfilter]]]... [--tap NAME]...
                      [--disk PATH[:BYTES]]... [--zvol PATH]... [--ppt B/S/F]... [--pci B/S/F=DRIVER]...
                      [--module NAME]... [--absent-module NAME]... [--dead-module NAME]... [--sysctl NAME=VALUE]... [--node PATH]...
                      [--port ADDRESS:PORT]...
       hostctl create ROOT -         (the same as JSON, on standard input)
       with BHYVEC_ROOT set to the host:
       hostctl furnish COMMANDS      (as "launch argv" prints them)
       hostctl furnish -             (JSON: { things: [[KIND, WHAT]], commands: [[WORD]], made: [WHAT] })
       hostctl script NAME ENTRY... [--loader]    hostctl play NAME ENTRY
       hostctl fail PATTERN NTH [STATUS] [--after]   hostctl pause [PATTERN] NTH [--after]   hostctl disarm
       hostctl paused   hostctl wait-paused [SECONDS]   hostctl release [--abort]
       hostctl wait-running NAME [SECONDS]
       hostctl history [--lines]   hostctl received NAME   hostctl config NAME   hostctl forks
       hostctl state   hostctl reset   hostctl kill
       hostctl serve                 (calls as lines of JSON on standard input: serve.mjs)
`;

const multiple = /** @type {const} */ ({ type: 'string', multiple: true });
const text = /** @type {const} */ ({ type: 'string' });
const flag = /** @type {const} */ ({ type: 'boolean' });
const options = {
  release: text,
  arch: text,
  cpus: text,
  bridge: multiple,
  tap: multiple,
  disk: multiple,
  zvol: multiple,
  ppt: multiple,
  pci: multiple,
  module: multiple,
  'absent-module': multiple,
  'dead-module': multiple,
  sysctl: multiple,
  node: multiple,
  port: multiple,
  loader: flag,
  after: flag,
  abort: flag,
  lines: flag,
};

/** @param {import('./records.mjs').Command} command */
const line = ({ sequence, pid, ppid, argv, status }) =>
  `${sequence} ${pid} ${ppid} ${status ?? '-'} ${argv.map((word) => JSON.stringify(word)).join(' ')}\n`;

/** @template T @param {string} verb @param {() => T | undefined} look @param {number} seconds @returns {Promise<T>} */
const wait = async (verb, look, seconds) => {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(5);
  }
  throw new Error(`${verb}: nothing within ${seconds} seconds`);
};

/**
 * Does what the words say; resolves with the exit status.
 * @param {readonly string[]} words
 * @param {{ print: (text: string) => unknown, complain: (text: string) => unknown, input: () => string }} streams
 * @returns {Promise<number>}
 */
export async function perform(words, { print, complain, input }) {
  try {
    const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options });
    const [verb = '', ...operands] = positionals;
    const root = path.resolve(verb === 'create' ? (operands[0] ?? '') : (process.env['BHYVEC_ROOT'] ?? ''));
    const verbs = verbsFor({ verb, operands, values, root, print, input });
    const action = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (action === undefined) {
      complain(USAGE);
      return 64;
    }
    await action();
    return 0;
  } catch (error) {
    complain(`hostctl: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/**
 * @typedef {object} Call
 * @property {string} verb
 * @property {readonly string[]} operands
 * @property {ReturnType<typeof parseArgs<{ options: typeof options }>>['values']} values
 * @property {string} root
 * @property {(text: string) => unknown} print
 * @property {() => string} input
 */

/** @param {Call} call @returns {Record<string, () => unknown>} */
function verbsFor({ verb, operands, values, root, print, input }) {
  /** @param {number} index */
  const operand = (index) => {
    const value = operands[index];
    if (value === undefined) throw new Error(`${verb}: operand missing`);
    return value;
  };
  return {
    create: () => {
      if (operands[1] === '-') {
        createRoot(root, JSON.parse(input()));
        return;
      }
      createRoot(root, {
        ...(values.release === undefined ? {} : { release: values.release }),
        ...(values.arch === undefined ? {} : { arch: values.arch }),
        ...(values.cpus === undefined ? {} : { cpus: Number(values.cpus) }),
        ...(values.bridge === undefined ? {} : { bridges: values.bridge }),
        taps: values.tap ?? [],
        disks: values.disk ?? [],
        zvols: values.zvol ?? [],
        ppt: values.ppt ?? [],
        pci: values.pci ?? [],
        modules: values.module ?? [],
        absentModules: values['absent-module'] ?? [],
        deadModules: values['dead-module'] ?? [],
        sysctls: Object.fromEntries(
          (values.sysctl ?? []).map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]),
        ),
        nodes: values.node ?? [],
        ports: values.port ?? [],
      });
    },
    furnish: () => {
      const isJson = operand(0) === '-';
      /** @type {{ things?: string[][], commands?: string[][], made?: string[] }} */
      const { things = [], commands = [], made } = isJson
      ? JSON.parse(input())
      : { commands: operand(0).trimEnd().split('\n\n').map((words) => words.split('\n')) }; // prettier-ignore
      furnishThings(root, things);
      for (const words of commands) furnish(root, words, made);
      for (const [program = '', ...words] of commands) if (path.basename(program) === 'bhyve') warmPlan(root, words);
    },
    script: () => {
      setScript(root, operand(0), operands.slice(1), values.loader === true ? 'loader' : 'script');
    },
    play: () => {
      tellGuest(root, operand(0), operand(1));
    },
    fail: () => {
      armFault(root, Number(operand(1)), {
        pattern: operand(0),
        status: Number(operands[2] ?? 1),
        after: values.after === true,
      });
    },
    pause: () => {
      armPause(root, Number(operands.at(-1)), {
        pattern: operands.length > 1 ? operand(0) : '*',
        after: values.after === true,
      });
    },
    disarm: () => {
      disarm(root);
    },
    paused: () => print(`${JSON.stringify(readPaused(root) ?? null)}\n`),
    'wait-paused': async () =>
      print(`${JSON.stringify(await wait(verb, () => readPaused(root), Number(operands[0] ?? 10)))}\n`),
    release: () => {
      release(root, { abort: values.abort === true });
    },
    'wait-running': async () =>
      print(`${await wait(verb, () => runningGuest(root, operand(0)), Number(operands[1] ?? 10))}\n`),
    history: () =>
      print(
        readHistory(root)
          .map((command) => (values.lines === true ? line(command) : `${JSON.stringify(command)}\n`))
          .join(''),
      ),
    received: () =>
      print(
        received(root, operand(0))
          .map((argv) => `${JSON.stringify(argv)}\n`)
          .join(''),
      ),
    config: () =>
      print(
        readConfig(root, operand(0))
          .map((entry) => `${entry}\n`)
          .join(''),
      ),
    forks: () => print(`${countCommands(root)}\n`),
    state: () => print(readState(root)),
    reset: () => {
      resetHost(root);
    },
    kill: () => {
      killEverything(root);
    },
  };
}
