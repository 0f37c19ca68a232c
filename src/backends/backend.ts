/** The contract of a backend: files made of a plan and of nothing else. Rendering decides nothing. */
import type { Plan } from '../ir/plan.ts';

/** One file to be written. */
export interface Artefact {
  /** Path below the guest's folder, with `/` between its parts. */
  readonly path: string;
  /** Permissions, such as 0o755; files with secrets have 0o600. */
  readonly mode: number;
  readonly text: string;
  /** What is in it where it is no text, such as the volume of cloud-init; `text` is empty then. */
  readonly bytes?: Uint8Array;
  /** True where the text holds a secret: it is never shown, not even in a diff. */
  readonly secret: boolean;
}

/** What is written into the file. */
export function contentOf({ text, bytes }: Pick<Artefact, 'text' | 'bytes'>): string | Uint8Array {
  return bytes ?? text;
}

/** A hash of what is in a file, in hexadecimal. */
export type Hash = (content: string | Uint8Array) => string;

/** A backend. */
export interface Backend {
  /** The name that `--backend` takes. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** The files for one guest, in a stable order; none where the backend has nothing to say for the target. */
  emit(plan: Plan): readonly Artefact[];
  /** For the guests of one build, where they can have something in common. */
  readonly share?: (sha256: (text: string) => string) => SharedBackend;
}

/** A backend whose files for a guest need files of the build. */
export interface SharedBackend extends Pick<Backend, 'emit'> {
  /** Paths are those below the folder of the build. */
  readonly files: readonly Artefact[];
}
