/** What a guest takes from its host, as the manifest of a build has it: all that has to be there, all that it makes and holds. */
import type { TypeOf } from '../../text/shape.ts';
import type { takesShape } from './takes-shape.ts';

/** All that it takes; `takes-shape.ts` says what each field is. */
export type Takes = TypeOf<typeof takesShape>;

/** The lists that steps fill, in the order of the plan. */
export type TakenLists = Pick<
  Takes,
  | 'modules'
  | 'bridges'
  | 'taps'
  | 'ports'
  | 'files'
  | 'directories'
  | 'nvram'
  | 'ppt'
  | 'managedPpt'
  | 'sockets'
  | 'nmdm'
>;

/** The lists of several steps as one, in the order of the manifest. */
export function joinLists(found: readonly Partial<TakenLists>[]): TakenLists {
  return {
    modules: found.flatMap(({ modules }) => modules ?? []),
    bridges: found.flatMap(({ bridges }) => bridges ?? []),
    taps: found.flatMap(({ taps }) => taps ?? []),
    ports: found.flatMap(({ ports }) => ports ?? []),
    files: found.flatMap(({ files }) => files ?? []),
    directories: found.flatMap(({ directories }) => directories ?? []),
    nvram: found.flatMap(({ nvram }) => nvram ?? []),
    ppt: found.flatMap(({ ppt }) => ppt ?? []),
    managedPpt: found.flatMap(({ managedPpt }) => managedPpt ?? []),
    sockets: found.flatMap(({ sockets }) => sockets ?? []),
    nmdm: found.flatMap(({ nmdm }) => nmdm ?? []),
  };
}
