/** Keeps the line to one console open: opens it, opens it again when it was closed, and says so when that fails for long. */
import type { GuestConsole } from '../ir/plan.ts';
import { tcpPortOf } from '../ir/units.ts';
import { openNullModem, openSocket, reachable, type ConsoleLink, type LinkEvents } from './link.ts';
import { isErrno } from './log-io.ts';
import type { RunCommand } from '../system/command.ts';

/** How a device is set up. */
export interface DeviceOptions {
  readonly console: GuestConsole;
  /** Stands for / in rehearsals. */
  readonly root: string;
  readonly run: RunCommand;
  readonly retryMs: { readonly first: number; readonly longest: number };
  readonly onData: (bytes: Buffer) => void;
  /** Told once when a null modem cannot be opened, with the reason, and once when it can, with null. */
  readonly onProblem: (why: string | null) => void;
}

/** The line to one console. */
export interface ConsoleDevice {
  /** Resolves when the first attempt to open it is over; a console by tcp is there only once bhyve listens. */
  readonly tried: Promise<void>;
  /** The open line; null while there is none. */
  link(): ConsoleLink | null;
  close(): void;
}

/** So many attempts may fail before it is told: a moment without a device is usual. */
const quietAttempts = 5;

/** Begins to open the line. */
export function createConsoleDevice(options: DeviceOptions): ConsoleDevice {
  const { console, retryMs, onData, onProblem } = options;
  let link: ConsoleLink | null = null;
  let isClosed = false;
  const isGone = (): boolean => isClosed;
  let failures = 0;
  let isTold = false;
  let timer: NodeJS.Timeout | null = null;

  const later = (): void => {
    if (isGone()) return;
    const delay = Math.min(retryMs.longest, retryMs.first * 2 ** Math.min(failures - 1, 16));
    timer = setTimeout(() => void attempt(), delay);
    timer.unref();
  };

  async function attempt(): Promise<void> {
    if (isGone()) return;
    const progress = { hasEnded: false };
    const events: LinkEvents = {
      onData: (bytes) => {
        // A line that comes up and goes down without a word is tried less and less often.
        failures = 0;
        if (!isGone()) onData(bytes);
      },
      onEnd: () => {
        progress.hasEnded = true;
        link = null;
        failures += 1;
        // A line that has said something is opened again at once: what is said meanwhile would be lost.
        if (failures === 1) void attempt();
        else later();
      },
    };
    try {
      const opened = await openConsole(options, failures === 0, events);
      if (isGone()) opened.close();
      if (isGone() || progress.hasEnded) return;
      link = opened;
      if (isTold) onProblem(null);
      isTold = false;
    } catch (error) {
      failures += 1;
      const isNews = !isTold && failures >= quietAttempts && console.kind === 'nmdm';
      if (isNews && !isGone()) {
        isTold = true;
        onProblem(error instanceof Error ? error.message : String(error));
      }
      later();
    }
  }

  return {
    tried: attempt(),
    link: () => link,
    close: () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      link?.close();
      link = null;
    },
  };
}

async function openConsole(
  { console, root, run }: DeviceOptions,
  isFirst: boolean,
  events: LinkEvents,
): Promise<ConsoleLink> {
  if (console.kind === 'tcp') {
    const port = tcpPortOf(console.service);
    if (port === null) throw new Error(`${console.service} is no TCP port`);
    return openSocket({ host: reachable(console.host), port }, events);
  }
  const [user, guest] = [root + console.pair.user, root + console.pair.guest];
  try {
    return await openNullModem(user, guest, !isFirst, run, events);
  } catch (error) {
    if (!isFirst || !isErrno(error, 'ENOENT')) throw error;
    // Without nmdm(4) there are no nodes. The launcher loads it as well, but later than the line has to be open.
    await run('kldload', ['-n', 'nmdm']);
    return openNullModem(user, guest, true, run, events);
  }
}
