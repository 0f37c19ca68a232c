/** How many processes a launch starts, how long it takes until bhyve runs, and how long `destroy` takes: for the test and for `npm run bench`. */
import { guestXml, hostFor, install, planOf, type GuestOptions } from './guests.ts';

/** One launch on the stand-in host. */
export interface Launch {
  /** Commands before bhyve is started. */
  readonly commands: readonly string[];
  /** From the start of `launch run` to that of bhyve. */
  readonly milliseconds: number;
}

/** Launches a guest once; the second of two launches counts, when the variable store is there. */
export async function measureLaunch(options: GuestOptions = {}): Promise<Launch> {
  const plan = planOf(guestXml(options));
  const host = hostFor(plan);
  try {
    const launch = install(host, plan);
    host.script('g', 'exit:1', 'run');
    await host.run(launch, ['run']);
    host.reset();
    const began = performance.now();
    const running = host.start(launch, ['run']);
    const hasStarted = (): boolean => host.history().some(({ argv }) => argv[0] === 'bhyve');
    await host.waitFor(hasStarted);
    const milliseconds = performance.now() - began;
    await host.waitRunning('g');
    running.kill('SIGTERM');
    await running.done;
    const history = host.history().map(({ argv }) => argv.join(' '));
    const commands = history.slice(
      0,
      history.findIndex((command) => command.startsWith('bhyve ')),
    );
    // What the launcher does while bhyve begins may come first.
    return { commands: commands.filter((command) => !/^(?:date|sleep)\b/.test(command)), milliseconds };
  } finally {
    host.dispose();
  }
}

/** The milliseconds of `launch destroy` of a guest that ignores its power button and would have a day to end. */
export async function measureDestroy(options: GuestOptions = {}): Promise<number> {
  const plan = planOf(guestXml(options));
  const host = hostFor(plan);
  try {
    const launch = install(host, plan);
    host.script('g', 'ignore-term');
    const env = { BHYVEC_STOP_LIMIT: '86400' };
    const running = host.start(launch, ['run'], { env });
    await host.waitRunning('g');
    const began = performance.now();
    await host.run(launch, ['destroy'], { env });
    const milliseconds = performance.now() - began;
    await running.done;
    return milliseconds;
  } finally {
    host.dispose();
  }
}
