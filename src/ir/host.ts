/** What every FreeBSD host has, and what holds on all of them. */

/** Where FreeBSD has its programs, in the order in which they are looked for: the PATH of a user may lack some of them. */
export const programFolders = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Where the folders of a build stand on a host: those of guests, and that of networks. */
export const buildDirectory = '/usr/local/libexec/bhyvec';

/** Where the secrets are that the XML names by their UUID: a file each, mode 0600, with the passphrase alone. */
export const secretsDirectory = '/usr/local/etc/bhyvec/secrets';

/** Limits in seconds where nobody says otherwise. */
export const limits = {
  /** From the power button to force. */
  stop: 60,
  /** From one press of the power button to the next. */
  press: 15,
  /** From force to SIGKILL. */
  force: 10,
  /** That a start waits for the guest to run. */
  start: 30,
  /** For device nodes to come and go. */
  node: 10,
  /** A run that is shorter counts as quick. */
  quickRun: 10,
  /** Before a restart after a crash; doubled for each quick run. */
  restartDelay: 2,
} as const;

/** So many quick runs in a row are a crash loop. */
export const quickRuns = 5;
