/** The names of guests, the names on the host that follow from them, and what a name on the host says. */

/** The names that a guest may have: they become /dev/vmm/NAME, a part of file names and of an rc.d script. */
export const guestName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Whether a guest may have the name. */
export function isGuestName(name: string): boolean {
  return guestName.test(name);
}

/** Whether a text has a control character: it would end a line of a generated file, or change what stands behind it. */
export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** The guest's service in rc(8): a shell identifier, because rc.subr(8) makes variables of it. */
export function rcName(vmname: string): string {
  return `bhyve_${vmname.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

/**
 * Identities that the XML leaves open have to be the same at every compilation: they follow from the guest's name by a hash
 * (FNV-1a, 32 bits, several rounds). They are names, not secrets.
 */
function fnv1a(bytes: Uint8Array, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // The last bytes must reach all bits: without this, names that differ in the end differ in few bits.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
  hash ^= hash >>> 12;
  return hash >>> 0;
}

/** `digits` hexadecimal digits that follow from the text. */
export function derivedHex(text: string, digits: number): string {
  return derivedDigest(new TextEncoder().encode(text), digits);
}

/** The same of bytes. */
export function derivedDigest(bytes: Uint8Array, digits: number): string {
  let hex = '';
  for (let round = 0; hex.length < digits; round++) hex += fnv1a(bytes, round).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}

/** A UUID for a guest without one; its version is 8, "vendor specific" (RFC 9562, section 5.8). */
export function derivedUuid(name: string): string {
  const hex = derivedHex(`bhyvec uuid ${name}`, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

/** A MAC address for the interface at that place of the guest, with the prefix that FreeBSD's tools use for bhyve. */
export function derivedMac(name: string, place: number): string {
  const hex = derivedHex(`bhyvec mac ${name} ${String(place)}`, 6);
  return `58:9c:fc:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}

/**
 * The number by which an interface is made that gets a name of its own then: between 10000 and 29999, which nobody else uses as a rule.
 * The largest that there can be is 32767.
 * @param kind of the interface, as ifconfig(8) clones it: `tap`
 */
export function derivedUnit(kind: string, name: string): string {
  return `${kind}${String((Number.parseInt(derivedHex(`bhyvec unit ${name}`, 8), 16) % 20_000) + 10_000)}`;
}

/** Name of a tap(4) interface. One that is a unit number is made as such; any other is made first and renamed then. */
export interface TapName {
  readonly name: string;
  readonly isUnit: boolean;
}

/** What the name says. */
export function tapName(name: string): TapName {
  return { name, isUnit: /^tap\d+$/.test(name) };
}

/** Name of the manifest in the folder of a build, beside the folders of the guests. */
export const manifestName = 'manifest.json';

/**
 * Name of the file that the launchers of a build share. What is in it has a hand in it, so that it never changes: a launcher
 * that reads it while another build is at work has what it was made for.
 * @param sha256 of its text, in hexadecimal
 */
export function libraryName(sha256: string): string {
  return `launcher-${sha256.slice(0, 16)}.sh`;
}

const library = String.raw`launcher-[0-9a-f]{16}\.sh`;

/** What {@link libraryName} gives. */
export const libraryPattern = new RegExp(`^${library}$`);

/** Name of the script of a build that makes volumes. */
export const volumesScript = 'create-volumes';

/** Files that the guests of a build share, beside their folders: what {@link libraryName} gives, and the script. */
export const sharedPattern = new RegExp(`^(?:${library}|${volumesScript})$`);

/** Whether a build has a file of its own by that name: no guest can have it. */
export function isNameInBuild(name: string): boolean {
  return name === manifestName || sharedPattern.test(name);
}
