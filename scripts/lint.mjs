/**
 * `npm run lint:code`: the types of all files, and what oxlint says of them, in one run. The program that knows types is not
 * made for every system (FreeBSD lacks it): there tsc checks the types, and rules that ask for types are left to CI.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './bundling.mjs';

/** Whether oxlint can ask for types here. */
function knowsTypes() {
  const require = createRequire(import.meta.url);
  try {
    require.resolve(`@oxlint-tsgolint/${process.platform}-${process.arch}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** The exit status of a program of node_modules. @param {string} name @param {readonly string[]} words */
function run(name, words) {
  return spawnSync(path.join(root, 'node_modules/.bin', name), words, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

process.exitCode = knowsTypes() ? run('oxlint', ['--type-aware', '--type-check']) : run('tsc', []) || run('oxlint', []);
