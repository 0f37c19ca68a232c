/** What the runtime asks of the compiler; the command line passes it in. */
import type { GuestConsole } from '../ir/plan.ts';
import type { Artefact } from '../backends/backend.ts';
import type { Definition } from './machine/state.ts';
import type { HostShare } from './observe/domstats.ts';
import type { DiagnosticView } from '../control/protocol.ts';

/** An XML that was accepted. */
export interface Accepted {
  readonly ok: true;
  /** The name of the guest. */
  readonly guest: string;
  readonly definition: Definition;
  /** The files of a turn. */
  readonly artefacts: readonly Artefact[];
  readonly consoles: readonly GuestConsole[];
  /** What statistics are counted for. */
  readonly share: HostShare;
  /** Warnings and notes. */
  readonly diagnostics: readonly DiagnosticView[];
}

/** An XML that was not. */
export interface Refused {
  readonly ok: false;
  /** The first error in one line. */
  readonly message: string;
  readonly diagnostics: readonly DiagnosticView[];
}

/** The compiler. */
export interface Compiler {
  /** Compiles a domain XML; `name` is how diagnostics call it. */
  compile(xml: string, name: string): Accepted | Refused;
  /** The same XML without its passwords. */
  withoutSecrets(xml: string): string;
}
