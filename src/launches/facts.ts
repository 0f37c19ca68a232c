/** The lines of a launcher's report: what happens in one turn of a guest. The launcher's template writes them. */

/** How bhyve ended, in the launcher's words. */
export type Ending = 'reboot' | 'poweroff' | 'crash' | 'error';

/** The last line of a report. */
export type FinalFact = 'undone' | 'kept' | 'left';

/** An error of a launcher. */
export interface Failure {
  /** For programs; the table in docs/run.md has them all. Null where the launcher says none and none is known. */
  readonly code: string | null;
  /** For people. */
  readonly message: string;
}

/** One line of a report. */
export type Fact =
  | {
      /** `bhyve` has begun to set up its devices; `guest` is the same process when all are set up, and the guest runs. */
      readonly kind: 'launcher' | 'loader' | 'bhyve' | 'guest';
      readonly pid: number;
    }
  | { readonly kind: 'step'; readonly text: string }
  | { readonly kind: 'press' | 'force' | 'kill' }
  | {
      readonly kind: 'end';
      readonly status: number;
      readonly ending: Ending;
      readonly action: 'destroy' | 'restart' | 'preserve' | 'stop';
    }
  | ({ readonly kind: 'failed' } & Failure)
  | ({ readonly kind: 'also' } & Failure)
  | { readonly kind: FinalFact };

const endings: readonly Ending[] = ['reboot', 'poweroff', 'crash', 'error'];
const actions = ['destroy', 'restart', 'preserve', 'stop'] as const;

/** A whole number, or null. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

function endOf(words: readonly string[]): Fact | null {
  const status = numberOf(words[0]);
  const ending = endings.find((name) => name === words[1]);
  const action = actions.find((name) => name === words[2]);
  return status === null || ending === undefined || action === undefined
    ? null
    : { kind: 'end', status, ending, action };
}

/** What launchers said before there were codes, as far as somebody acts on it. */
const sentences = [
  { code: 'already-running', begins: /^runs already\b/ },
  { code: 'crash-loop', begins: /^ended \d+ times within / },
] as const;

/** Reads a code and a message: a code has a hyphen, and the first word of a sentence from before there were codes has none. */
export function readFailure(text: string): Failure {
  const [, code = null, message = text] = /^([a-z]+(?:-[a-z]+)+) (.*)$/s.exec(text) ?? [];
  return { code: code ?? sentences.find(({ begins }) => begins.test(text))?.code ?? null, message };
}

/**
 * Reads one line of a report.
 * @returns null for a line that is not known: a newer launcher may say more.
 */
export function readFact(line: string): Fact | null {
  const [kind = '', ...words] = line.split(' ');
  const rest = words.join(' ');
  switch (kind) {
    case 'launcher':
    case 'loader':
    case 'bhyve':
    case 'guest': {
      const pid = numberOf(words[0]);
      return pid === null ? null : { kind, pid };
    }
    case 'step':
      return { kind, text: rest };
    case 'press':
    case 'force':
    case 'kill':
    case 'undone':
    case 'kept':
    case 'left':
      return { kind };
    case 'end':
      return endOf(words);
    case 'failed':
      return { kind, ...readFailure(rest.replace(/^\d+ /, '')) };
    case 'also':
      return { kind, ...readFailure(rest) };
    default:
      return null;
  }
}
