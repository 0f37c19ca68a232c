/** What the supervisor says on standard error: one line for each thing, for daemon(8) and syslog to keep. */

/** Says one thing. */
export type Log = (message: string) => void;

/** Makes the log of a program. Control characters are shown, so that one thing is one line. */
export function createLog(write: (text: string) => void): Log {
  return (message) => {
    // oxlint-disable-next-line no-control-regex
    write(`bhyvec: ${message.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')}\n`);
  };
}
