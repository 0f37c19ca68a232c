// What each FreeBSD release's bhyve accepts. Releases are numbers: 14.3 is 1403, main is 9900.
// Cells that the release matrix leaves open are refused: a script must not depend on them.

export const MAIN = 9900;

/** @param {string} release @returns {number} */
export function releaseNumber(release) {
  if (release === 'main') return MAIN;
  const match = /^(\d+)\.(\d+)$/.exec(release);
  if (match === null) throw new Error(`not a FreeBSD release: ${release}`);
  return Number(match[1]) * 100 + Number(match[2]);
}

/**
 * Option letters of bhyve(8): without and with an argument.
 * @param {number} rel @param {string} arch @returns {{ bare: string, valued: string }}
 */
export function optionLetters(rel, arch) {
  // On arm64 -f stands in the option string but has no case: a usage error.
  if (arch === 'arm64') return { bare: 'hCDSW', valued: 'kopcsmU' };
  let bare = 'aehwxACHIPWY';
  let valued = 'pcsmlU';
  if (rel < 1300) [bare, valued] = [`${bare}b`, `${valued}g`];
  if (rel >= 1002) bare += 'u';
  if (rel >= 1004) bare += 'S';
  if (rel >= 1200) valued += 'G';
  if (rel >= 1202) bare += 'D';
  if (rel >= 1301) valued += 'ko';
  if (rel >= 1302) valued += 'K';
  if (rel >= 1400) valued += 'f';
  if (rel >= 1500) valued += 'n';
  if (rel >= MAIN) bare += 'M';
  return { bare, valued };
}

/**
 * Devices of `-s`, with their first release and, for releases without a configuration tree, the CONF words they know.
 * @type {Record<string, { since: number, amd64?: boolean, words?: string[] }>}
 */
export const DEVICES = {
  hostbridge: { since: 0 },
  amd_hostbridge: { since: 0 },
  lpc: { since: 0, amd64: true },
  'virtio-net': { since: 0, words: ['mac', 'mtu'] },
  e1000: { since: 1101, words: ['mac'] },
  'virtio-blk': { since: 0, words: ['block'] },
  ahci: { since: 1101, words: ['block', 'ahci'] },
  'ahci-hd': { since: 0, words: ['block', 'ahci'] },
  'ahci-cd': { since: 0, words: ['block', 'ahci'] },
  nvme: { since: 1200, words: ['maxq', 'qsz', 'ioslots', 'sectsz', 'ser', 'ram', 'eui64', 'dsm'] },
  'virtio-scsi': { since: 1200, words: ['iid'] },
  'virtio-9p': { since: 1300, words: ['ro'] },
  'virtio-rnd': { since: 0, words: [] },
  'virtio-console': { since: 1102 },
  'virtio-input': { since: 1302 },
  hda: { since: 1300, words: ['play', 'rec'] },
  uart: { since: 0 },
  xhci: { since: 1100, words: ['tablet'] },
  fbuf: { since: 1100, amd64: true, words: ['tcp', 'rfb', 'w', 'h', 'vga', 'wait', 'password'] },
  passthru: { since: 0, amd64: true, words: ['rom'] },
};

/** First release of a CONF word where it is later than its device. @type {Record<string, number>} */
const WORDS_SINCE = {
  mtu: 1300,
  rom: 1302,
  rfb: 1200,
  vga: 1200,
  password: 1102,
  nodelete: 1202,
  sectorsize: 1002,
  nmrr: 1202,
  ser: 1202,
  rev: 1202,
  model: 1202,
  dsm: 1202,
};
const BLOCK_WORDS = ['nocache', 'direct', 'sync', 'ro', 'sectorsize', 'nodelete'];
const AHCI_WORDS = ['nmrr', 'ser', 'rev', 'model'];

/** @param {string} device @param {number} rel @param {string} arch */
export function hasDevice(device, rel, arch) {
  const entry = Object.hasOwn(DEVICES, device) ? DEVICES[device] : undefined;
  return entry !== undefined && rel >= entry.since && (arch === 'amd64' || entry.amd64 !== true);
}

/** Whether a release before 13.1 takes this CONF word. @param {string} device @param {string} word @param {number} rel */
export function knowsWord(device, word, rel) {
  const words = DEVICES[device]?.words;
  if (words === undefined) return true;
  const all = words.flatMap((entry) => (entry === 'block' ? BLOCK_WORDS : entry === 'ahci' ? AHCI_WORDS : [entry]));
  if (!all.includes(word)) return false;
  if (device === 'nvme' && word === 'ser') return true;
  return rel >= (WORDS_SINCE[word] ?? 0);
}

/** Names that `-l` knows. @param {number} rel @returns {string[]} */
export function lpcDevices(rel) {
  const names = ['com1', 'com2'];
  if (rel >= 1300) names.push('com3', 'com4');
  if (rel >= 1003) names.unshift('bootrom');
  if (rel >= 1301) names.push('pc-testdev');
  if (rel >= 1400) names.push('tpm');
  return names;
}
