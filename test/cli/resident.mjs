// The program as a process that stays and runs one command after another: what a test of many commands pays for Node's
// start once. Each command has words, environment and output of its own, and the exit status that it sets.
//
// node resident.mjs MAIN REQUESTS ANSWERS: two fifos with a line of JSON each way.

import { createReadStream, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [main = '', requests = '', answers = ''] = process.argv.slice(2);
const answer = openSync(answers, 'w');
const own = new Set(process.eventNames().flatMap((name) => process.rawListeners(name)));

/** @typedef {{ readonly words: readonly string[], readonly env: Readonly<Record<string, string>> }} Request */

/** Catches what is written. @param {NodeJS.WriteStream} stream @returns {() => string} what was, after which it goes on */
function caught(stream) {
  let text = '';
  stream.write = (/** @type {string | Uint8Array} */ chunk, /** @type {unknown[]} */ ...more) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    for (const callback of more) if (typeof callback === 'function') process.nextTick(callback);
    return true;
  };
  return () => {
    Reflect.deleteProperty(stream, 'write');
    stream.removeAllListeners('error');
    return text;
  };
}

/** The status that a command has set. */
function statusSet() {
  return Number(process.exitCode ?? 0);
}

let nth = 0;

/** Runs one. @param {Request} request */
async function run({ words, env }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.argv = [process.execPath, main, ...words];
  process.exitCode = undefined;
  const [out, err] = [caught(process.stdout), caught(process.stderr)];
  nth += 1;
  await import(`${pathToFileURL(main).href}?${String(nth)}`);
  const status = statusSet();
  process.exitCode = 0;
  for (const name of process.eventNames()) {
    for (const listener of process.rawListeners(name)) {
      if (!own.has(listener)) process.off(name, /** @type {() => void} */ (listener));
    }
  }
  return { status, out: out(), err: err() };
}

for await (const line of createInterface({ input: createReadStream(requests) })) {
  /** @type {Request} */
  const request = JSON.parse(line);
  writeSync(answer, `${JSON.stringify(await run(request))}\n`);
}
