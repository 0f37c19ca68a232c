/** What every FreeBSD host has, and what holds on all of them. */

/** Where FreeBSD has its programs, in the order in which they are looked for: the PATH of a user may lack some of them. */
export const programFolders = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Limits in seconds where nobody says otherwise. */
export const limits = {
  /** From the power button to force. */
  stop: 60,
  /** From force to SIGKILL. */
  force: 10,
} as const;
