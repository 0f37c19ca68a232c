/** Progress on a terminal: one line for each step of the launcher, with a tick when it is done. */
import type { Fact } from '../launches/facts.ts';
import { printable } from '../diagnostics/printable.ts';

/** Shows facts as they come. */
export interface Progress {
  fact(fact: Fact): void;
  /** A line of its own. */
  say(text: string): void;
  /** Ends the line of the last step. */
  end(): void;
}

const tick = '\u2713';
const cross = '\u2717';

/** What a step of the report is for people. */
export function stepText(text: string): string {
  const [kind = '', ...rest] = text.split(' ');
  const what = printable(rest.join(' '));
  switch (kind) {
    case 'modules':
      return `kernel modules ${what}`;
    case 'check':
      return 'what the guest needs is there';
    case 'nvram':
      return `variable store ${what}`;
    case 'tap':
      return `interface ${what.replace(' ', ' on ')}`;
    case 'file':
      return `file ${what}`;
    case 'limits':
      return 'resource limits';
    case 'loader':
      return 'boot loader';
    case 'bhyve':
      return 'bhyve';
    case 'hook':
      return `hook ${what}`;
    case 'cure':
      return 'what a killed run had left is removed';
    case 'remove':
      return `${what} is removed: no process runs it`;
    case 'undo':
      return 'what was made is unmade';
    default:
      return printable(text);
  }
}

/** Writes with `write`; where nobody watches, nothing is written. `howToEnd` is said once the guest runs. */
export function createProgress(
  isWatched: boolean,
  name: string,
  howToEnd: string,
  write: (text: string) => void,
): Progress {
  let open: string | null = null;
  const close = (mark: string): void => {
    if (open !== null) write(`\r${mark} ${open}\n`);
    open = null;
  };
  const say = (text: string): void => {
    close(tick);
    if (isWatched) write(`${name}: ${text}\n`);
  };
  return {
    say,
    end() {
      close(tick);
    },
    fact(fact) {
      if (!isWatched) return;
      // Such a number says only that it has begun.
      if (fact.kind === 'loader' || fact.kind === 'launcher' || fact.kind === 'bhyve') return;
      close(fact.kind === 'failed' || fact.kind === 'left' ? cross : tick);
      if (fact.kind === 'step') {
        open = stepText(fact.text);
        write(`  ${open}`);
      } else if (fact.kind === 'guest') say(`runs as process ${String(fact.pid)}; ${howToEnd}`);
      else if (fact.kind === 'press') say('the power button is pressed');
      else if (fact.kind === 'force') say('is powered off by force');
      else if (fact.kind === 'kill') say('is killed');
      else if (fact.kind === 'end' && fact.action === 'restart') say('ended, and starts again');
    },
  };
}
