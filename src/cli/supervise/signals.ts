/** The signals that ask a supervisor to end. They are caught before anything is begun, and stay caught to the last moment. */

/** Of all signals those that end a daemon, and what a terminal sends: signal(3). */
const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The supervisor was asked to end; the message is the name of the signal. */
export class EndAsked extends Error {
  override readonly name = 'EndAsked';
}

/** Catches the signals; what is given is aborted, with an {@link EndAsked}, when the first of them comes. */
export function catchEndSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of names) {
    process.on(name, () => {
      controller.abort(new EndAsked(name));
    });
  }
  return controller.signal;
}

/**
 * Ends the process once what it has said is out. Node, left to itself, gives the signals back to the system before the
 * process is gone: one that comes late, as the second one of an impatient user, would turn an orderly end into a death.
 */
export async function leave(status: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve();
      });
    });
  }
  process.exit(status);
}
