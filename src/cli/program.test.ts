/** The program that is made for some words against the program with all commands. */
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { plain } from '../diagnostics/render.ts';
import type { Terminal } from '../system/terminal.ts';
import { buildProgram } from './program.ts';

const terminal: Terminal = {
  out: () => Promise.resolve(),
  err: () => undefined,
  outPalette: plain,
  errPalette: plain,
  doing: null,
};

function programFor(...words: readonly string[]): Command {
  return buildProgram(terminal, () => undefined, words);
}

const named = ({ commands }: Command): ReadonlyMap<string, Command> =>
  new Map(commands.map((command) => [command.name(), command]));

const all = named(programFor());

test.each([...all.keys()])('%s: its own program has it with the same help, and not all others', (name) => {
  const program = programFor(name, 'x');
  expect(named(program).get(name)?.helpInformation()).toBe(all.get(name)?.helpInformation());
  expect(program.commands.length < all.size).toBe(name !== 'help');
});

test.each([[], ['-h'], ['-c', 'bhyve:///system', 'list'], ['chek', 'x.xml'], ['toString'], ['help', 'argv']])(
  'words that name no command first have all: %j',
  (...words) => {
    expect([...named(programFor(...words)).keys()]).toEqual([...all.keys()]);
  },
);

test.each(['-V', '--version'])('%s needs none', (word) => {
  expect(programFor(word).commands).toEqual([]);
});
