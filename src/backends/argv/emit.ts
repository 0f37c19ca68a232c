/** The commands of a plan, in the order in which they run. */
import type { Plan } from '../../ir/plan.ts';
import type { Word } from '../../ir/words.ts';
import { loaderWords } from '../text/commands.ts';

/** One command that the guest needs: the program is its first word. */
export interface CommandLine {
  readonly role: 'loader' | 'bhyve';
  readonly words: readonly Word[];
}

/** The loader's command, where there is one, and bhyve's. */
export function commandLines({ loader, bhyve }: Plan): readonly CommandLine[] {
  return [
    ...(loader === null ? [] : [{ role: 'loader', words: loaderWords(loader) } as const]),
    { role: 'bhyve', words: [bhyve.program, ...bhyve.words] },
  ];
}
