/** The commands of a plan as words. */
import type { LoaderCommand, LoaderLimit } from '../../ir/plan.ts';
import { piecesOf, type Value, type Word } from '../../ir/words.ts';

/** All words of the loader: what limits its time, its program, its own words. */
export function loaderWords({ limit, program, words }: LoaderCommand): readonly Word[] {
  return [...limitWords(limit), program, ...words];
}

/** timeout(1) and its words, which stand before those of a loader with a limit; none for another loader. */
export function limitWords(limit: LoaderLimit | null): readonly Word[] {
  if (limit === null) return [];
  const { seconds, killSeconds, verbose, origins } = limit;
  const rule = 'a loader that waits for a key must not hang the start';
  const values: readonly Value[] = [
    'timeout',
    '--foreground',
    ...(verbose ? ['--verbose'] : []),
    ...(killSeconds > 0 ? ['-k', `${String(killSeconds)}s`] : []),
    piecesOf([{ kind: 'seconds', seconds, at: null }], 's'),
  ];
  return values.map((value) => ({ pieces: piecesOf(value), origins, rule }));
}
