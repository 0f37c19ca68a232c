/** Two ways to start a guest, words and a file, as the option parser of the stand-in host reads them. */
import { expect } from 'vitest';
import { configBackend, configLine, secretsBackend } from '../../src/backends/config/emit.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { quoteWord } from '../../src/text/sh.ts';
import { textOf, type Word } from '../../src/ir/words.ts';
import { Refusal } from '../host/lib/config-tree.mjs';
import { readCommandLine } from '../host/lib/options.mjs';
import { releaseNumber } from '../host/lib/releases.mjs';

/** Where the files lie. */
const confPath = '/bhyve.conf';
const secretsPath = '/secrets.conf';

/** Both ways to start a guest, and the files that bhyve then reads. */
export function startsOf(plan: Plan): { fromWords: string[]; fromFile: string[]; files: ReadonlyMap<string, string> } {
  const [conf] = configBackend.emit(plan);
  if (conf === undefined) throw new Error('no configuration file');
  const secrets = plan.steps.flatMap((step) => (step.kind === 'secrets' ? [step] : []));
  const [beside] = secretsBackend.emit(plan);
  const names = ({ pieces }: Word): boolean => pieces.some(({ kind }) => kind === 'secrets-file');
  const others = plan.settings.filter(({ entries, words }) => entries.length === 0 && !words.some(names));
  const further = others.flatMap(({ words }) => words.map(({ pieces }) => textOf(pieces)));
  // What the first line says.
  const files = ['-k', confPath, ...(beside === undefined ? [] : ['-k', secretsPath])];
  expect(conf.text.split('\n')[0]).toContain(
    ` Run: ${['bhyve', ...further.map(quoteWord), ...files].join(' ').replaceAll(/ -k [/]/g, ' -k ')} ${plan.vmname}`,
  );
  return {
    fromWords: plan.bhyve.words.map(({ pieces }) => textOf(pieces)),
    fromFile: [...further, ...files, plan.vmname],
    files: new Map([
      [confPath, conf.text],
      ...(beside === undefined ? [] : [[secretsPath, beside.text] as const]),
      ...secrets.map(({ path: name, entries }) => [name, entries.map(configLine).join('')] as const),
    ]),
  };
}

/** Each key with its value as bhyve uses it; what bhyve says where it refuses the words. */
function configurationOf({ arch, release }: Plan, words: readonly string[], files: ReadonlyMap<string, string>) {
  const bytes = words.map(latin1);
  const target = {
    rel: releaseNumber(release ?? ''),
    arch,
    failure: 4,
    read: (file: string) => {
      const text = files.get(file);
      return text === undefined ? undefined : latin1(text);
    },
  };
  try {
    const config = readCommandLine(bytes, target);
    return new Map([...config.values.keys()].map((key) => [key, config.get(key)]));
  } catch (error) {
    if (error instanceof Refusal) return new Map([['refused', error.message]]);
    throw error;
  }
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** `KEY: VALUE of the words, VALUE of the file` where they differ. */
export function differences(plan: Plan): readonly string[] {
  const { fromWords, fromFile, files } = startsOf(plan);
  const [words, file] = [configurationOf(plan, fromWords, files), configurationOf(plan, fromFile, files)];
  return [...new Set([...words.keys(), ...file.keys()])]
    .filter((key) => words.get(key) !== file.get(key))
    .map((key) => `${key}: ${words.get(key) ?? 'none'}, ${file.get(key) ?? 'none'}`);
}

/** Why bhyve does not take a guest's words with further ones before its name; null where it takes them. */
export function refusalOf(plan: Plan, further: readonly string[]): string | null {
  const words = plan.bhyve.words.map(({ pieces }) => textOf(pieces));
  const all = [...words.slice(0, -1), ...further, ...words.slice(-1)];
  return configurationOf(plan, all, new Map()).get('refused') ?? null;
}
