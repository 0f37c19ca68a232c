/** Names and paths of the self-test on a host: all that it makes is called so, or lies there. hier(7) has /var/run. */

/** The folder of a run: it is the lock of a run, too. /var/run belongs to root and is emptied at boot. */
export const base = '/var/run/bhyvec-selftest';

/** The bridge: no member but our taps, no address. At most 15 characters. */
export const bridge = 'bhyvecst0';

/** What the description of the bridge says: whose it is. */
export const bridgeDescription = 'bhyvec host selftest';

/** The state directory of all launchers but one. */
export const stateDirectory = `${base}/state`;

/** That of the guest whose file system is full. */
export const fullDirectory = `${base}/full/state`;

/** TCP port of the guest with a serial port on TCP, of those that nobody is to use (RFC 6335, dynamic ports). */
export const tcpPort = 49_473;

/** The name of a guest in the kernel: with it all is found that belongs to us. At most 31 characters. */
export function vmName(name: string): string {
  return `bhyvecst-${name}`;
}

/** Where a boot ROM is. */
export function romPath(rom: string): string {
  return `${base}/roms/${rom}.rom`;
}
