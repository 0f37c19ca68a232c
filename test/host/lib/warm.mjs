// Makes bhyve's plan for a command line before it is run, in the process of the caller: hundreds of starts then cost no
// Node start each. A refused command line is left to bhyve.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './config-tree.mjs';
import { hostTarget, makePlan, planScript, quote } from './plan.mjs';
import { readFacts } from './records.mjs';

/** What can be the name of a file: bin/bhyve has the plans of other guests in one file. */
const isFileName = (/** @type {string} */ name) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);

/** @param {string} root @param {readonly string[]} words argv without the command */
export function warmPlan(root, words) {
  if (!isFileName(words.at(-1) ?? '')) return;
  const { rel, arch } = readFacts(root);
  const bytes = words.map((word) => Buffer.from(word).toString('latin1'));
  const target = hostTarget(rel, arch, root);
  try {
    const plan = makePlan(bytes, target);
    const at = bytes.findIndex((_, index) => /^-.*k$/s.test(bytes[index - 1] ?? ''));
    const conf = at < 0 ? undefined : target.read(bytes[at] ?? '');
    // The key of bin/bhyve: each word with its length, and the lines of the configuration file.
    const key = `${rel} ${arch}${bytes.map((word) => `${word.length}:${word}`).join('')}`;
    const lines = conf === undefined ? '' : `\n${conf}${conf === '' || conf.endsWith('\n') ? '' : '\n'}`;
    const file = path.join(process.env['BHYVEC_PLANS'] ?? path.join(root, '.host/plan'), bytes.at(-1) ?? '');
    writeFileSync(Buffer.from(file, 'latin1'), `${planScript(plan)}plan_key=${quote(key + lines)}\n`, 'latin1');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
