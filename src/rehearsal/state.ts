/** Whether a stand-in host ended as it began. */
import { createTwoFilesPatch } from 'diff';
import path from 'node:path';
import type { BuiltGuest } from './manifest.ts';

/** The state without what a run leaves on purpose: modules, variable stores, nodes that nmdm(4) makes, empty folders. */
export function stateToCompare(state: string, guests: readonly BuiltGuest[]): string {
  const stores = guests.flatMap(({ takes }) =>
    takes.nvram.map((store) => path.posix.resolve('/', store.path).slice(1)),
  );
  const stays = ['dev/vmmctl', ...stores];
  const sections = state.split(/^(?=\[)/m).filter((section) => !/^\[(?:modules|nmdm)\]/.test(section));
  const lines = sections.join('').split('\n');
  const isKept = (line: string): boolean =>
    !stays.some((file) => line.startsWith(`${file} `)) && !/^\S+\/(?: \d{4})?$/.test(line);
  return lines.filter(isKept).join('\n');
}

/** The difference of two states, as lines that begin with `-` or `+`. */
export function stateDiff(before: string, after: string): readonly string[] {
  if (before === after) return [];
  return createTwoFilesPatch('before', 'after', before, after, undefined, undefined, { context: 0 })
    .split('\n')
    .filter((line) => /^[-+]/.test(line) && !/^(?:---|\+\+\+) /.test(line));
}
