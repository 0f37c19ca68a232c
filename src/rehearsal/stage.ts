/** Where a rehearsal happens, what is asked for there, and what comes of it. */
import type { Ended } from '../system/command.ts';
import type { HostNeeds, RehearsalHost } from './host.ts';

/** What happens to the script of volumes: `create-volumes -n`, then twice without words. */
export type VolumesVerb = 'dry' | 'make' | 'again';

/** What a launcher, or the script of a network, is asked for; the last three are what happens to the script of volumes. */
export type Verb = 'start' | 'run' | 'stop' | 'clean' | VolumesVerb;

/** Where it all happens. */
export interface Stage {
  readonly host: RehearsalHost;
  readonly needs: HostNeeds;
  readonly look: () => Promise<string>;
}

/** What ran, and what it has left. */
export interface Outcome {
  readonly ended: readonly EndedRun[];
  readonly changes: readonly string[];
}

/** One run, and how it ended. */
export interface EndedRun extends Ended {
  readonly verb: Verb;
}
