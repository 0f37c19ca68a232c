/** What people and programs are told of guests: the words of the protocol, of the log of events and of lists. */

/** The state of a domain in virsh's words, and the few that libvirt has none for. */
export type DomainState =
  | 'running'
  | 'starting'
  | 'in shutdown'
  | 'restarting'
  | 'shut off'
  | 'crashed'
  | 'preserved'
  | 'stuck';

/** One guest as `list` and `dominfo` show it. */
export interface GuestView {
  readonly name: string;
  readonly uuid: string;
  readonly title: string | null;
  /** The process number of bhyve, as libvirt numbers bhyve domains; null where it does not run. */
  readonly id: number | null;
  readonly state: DomainState;
  readonly reason: string;
  /** More about it, such as why a start failed. */
  readonly message: string | null;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly autostartOrder: number | null;
  readonly autostartDelaySeconds: number | null;
  readonly memoryMib: number;
  readonly vcpus: number;
  /** Since when bhyve runs, in milliseconds since 1970; null where it does not. */
  readonly since: number | null;
  /** It runs with an older definition than the one that was given last. */
  readonly changedSinceStart: boolean;
  readonly onPoweroff: string;
  readonly onReboot: string;
  readonly onCrash: string;
  readonly startAfter: readonly string[];
  /** How often it was started. */
  readonly starts: number;
  /** When the next restart is due. */
  readonly restartAt: number | null;
}

/** Why a request is refused, as a stable word; the numbers of the protocol follow from it. */
export type RefusalKind =
  | 'no such domain'
  | 'already running'
  | 'not running'
  | 'busy'
  | 'closing'
  | 'conflict'
  | 'nvram'
  | 'start failed'
  | 'not done'
  | 'expired';

/** What is told to the world, one for each transition; the words are those of virsh event. */
export interface Notice {
  readonly at: number;
  readonly guest: string;
  readonly uuid: string;
  readonly event:
    | 'defined'
    | 'undefined'
    | 'starting'
    | 'started'
    | 'reboot'
    | 'shutdown'
    | 'stopped'
    | 'crashed'
    | 'preserved'
    | 'adopted'
    | 'cleaned'
    | 'waiting';
  readonly detail: string;
  /** What led to it. */
  readonly cause: string | null;
  /** bhyve's exit code, where it has ended by one. */
  readonly code: number | null;
  /** The signal that ended bhyve. */
  readonly signal: number | null;
}
