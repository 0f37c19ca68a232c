// bhyve(8), "Device emulations": the -s option and how each device turns its CONF into keys.

import { BLANKS, Refusal } from './config-tree.mjs';
import { hasDevice, knowsWord } from './releases.mjs';

/** @typedef {import('./config-tree.mjs').ConfigTree} ConfigTree */
/** @typedef {(key: string, value: string) => void} Setter keys below the device's node */

/** @param {string} text @param {ConfigTree} config @param {import('./options.mjs').Target} target */
export function parseSlot(text, config, { rel, arch, failure }) {
  const comma = text.indexOf(',');
  if (comma < 0) throw new Refusal(failure, `pci slot error: missing device in '${text}'`);
  const node = parseAddress(text.slice(0, comma), failure);
  const rest = text.slice(comma + 1);
  const second = rest.indexOf(',');
  const device = second < 0 ? rest : rest.slice(0, second);
  const conf = second < 0 ? '' : rest.slice(second + 1);
  if (!hasDevice(device, rel, arch)) throw new Refusal(failure, `pci slot ${text}: unknown device "${device}"`);
  if (config.hasNode(node)) throw new Refusal(failure, `pci slot ${node.slice(4)} already occupied!`);
  const pieces = conf === '' ? [] : conf.split(',');
  if (rel < 1301) checkWords(device, pieces, rel, failure);
  /** @type {Setter} */
  const set = (key, value) => {
    if (value === '') throw new Refusal(failure, `Empty value for ${key} of ${device}`);
    config.set(`${node}.${key}`, value);
  };
  set('device', ALIASES[device] ?? device);
  const parse = Object.hasOwn(PARSERS, device) ? PARSERS[device] : undefined;
  if (parse === undefined) setPieces(pieces, set);
  else parse(pieces, set, { rel, failure, conf });
}

const NUMBER = `${BLANKS}\\+?(\\d+)`;
const ADDRESS = new RegExp(`^${NUMBER}(?::${NUMBER}(?::${NUMBER})?)?`);

/**
 * Decimal numbers; blanks before and whatever follows a number are ignored, as sscanf(3) does.
 * @param {string} text @param {number} failure
 */
function parseAddress(text, failure) {
  const match = ADDRESS.exec(text);
  if (match === null) throw new Refusal(failure, `pci slot error: invalid address '${text}'`);
  const [, a, b, c] = match;
  const [bus, slot, func] = c === undefined ? [0, Number(a), Number(b ?? 0)] : [Number(a), Number(b), Number(c)];
  if (bus > 255 || slot > 31 || func > 7) throw new Refusal(failure, `pci slot error: address out of range '${text}'`);
  return `pci.${bus}.${slot}.${func}`;
}

/** @type {Record<string, string>} */
const ALIASES = { amd_hostbridge: 'hostbridge', 'ahci-hd': 'ahci', 'ahci-cd': 'ahci' };

/**
 * Of the development branch: a bare path, target= and dev= are targets, numbered on from the highest one.
 * @param {string[]} pieces @param {Setter} set @param {number} failure
 */
function scsiTargets(pieces, set, failure) {
  const taken = new Set();
  let last = -1;
  for (const [index, piece] of pieces.entries()) {
    const [, value = index === 0 && !piece.includes('=') ? piece : undefined] =
      /^(?:target|dev)=(.*)$/s.exec(piece) ?? [];
    if (value === undefined) {
      setPieces([piece], set);
      continue;
    }
    const [, written, path = value] = /^([^/:][^:]*):(.*)$/s.exec(value) ?? [];
    const id = written === undefined ? last + 1 : Number(written);
    if (!/^\d*$/.test(written ?? '') || id > 255) throw new Refusal(failure, `invalid target ${written ?? id}`);
    if (taken.has(id)) throw new Refusal(failure, `cannot add '${path}' as target ${id}`);
    taken.add(id);
    set(`target.${id}`, path);
    last = Math.max(last, id);
  }
}

/** @param {string[]} pieces @param {Setter} set */
function setPieces(pieces, set) {
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    if (piece === '') continue;
    if (equals < 0) set(piece, 'true');
    else set(piece.slice(0, equals), piece.slice(equals + 1));
  }
}

/** Before 13.1 devices refuse words they do not know. @param {string} device @param {string[]} pieces @param {number} rel @param {number} failure */
function checkWords(device, pieces, rel, failure) {
  const positional = !['xhci', 'fbuf', 'hda', 'virtio-console', 'hostbridge', 'uart'].includes(device);
  for (const piece of positional ? pieces.slice(1) : pieces) {
    const word = piece.split('=', 1)[0] ?? '';
    if (/^(hd|cd):/.test(piece) && device === 'ahci') continue;
    if (!knowsWord(device, word, rel)) throw new Refusal(failure, `${device}: unknown option "${piece}"`);
  }
}

/** @param {string} key @returns {Parser} */
const positional =
  (key) =>
  ([first, ...rest], set) => {
    if (first !== undefined) {
      if (first !== '') set(key, first);
      setPieces(rest, set);
    }
  };

/** @param {string} type @returns {Parser} */
const singleDisk =
  (type) =>
  ([path, ...rest], set) => {
    if (path === undefined) return;
    set('port.0.type', type);
    set('port.0.path', path);
    setPieces(rest, (key, value) => {
      set(`port.0.${key}`, value);
    });
  };

/** Host devices, as sscanf(3) reads them: what follows is not looked at. */
const DEVICE = new RegExp(`^${NUMBER}/${NUMBER}/${NUMBER}`);
const NAMED_DEVICE = new RegExp(
  `^pci(?:0:(?=${BLANKS}\\+?\\d+:${BLANKS}\\+?\\d+:${BLANKS}\\+?\\d))?${NUMBER}:${NUMBER}:${NUMBER}`,
);

/**
 * @typedef {(pieces: string[], set: Setter, context: { rel: number, failure: number, conf: string }) => void} Parser
 * @type {Record<string, Parser>}
 */
const PARSERS = {
  amd_hostbridge: (pieces, set, { rel }) => {
    const prefix = rel >= 1400 ? 'pcireg.' : '';
    set(`${prefix}vendor`, '0x1022');
    set(prefix === '' ? 'devid' : 'pcireg.device', '0x7432');
    setPieces(pieces, set);
  },
  'virtio-net': positional('backend'),
  e1000: positional('backend'),
  'virtio-blk': positional('path'),
  'virtio-input': positional('path'),
  'ahci-hd': singleDisk('hd'),
  'ahci-cd': singleDisk('cd'),
  ahci: (pieces, set, { failure }) => {
    let port = -1;
    for (const piece of pieces) {
      const match = /^(hd|cd):(.*)$/s.exec(piece);
      if (match !== null) {
        port += 1;
        if (port >= 32) throw new Refusal(failure, 'ahci: too many ports');
        set(`port.${port}.type`, match[1] ?? '');
        set(`port.${port}.path`, match[2] ?? '');
      } else if (port < 0) {
        throw new Refusal(failure, `ahci: missing or invalid type in "${piece}"`);
      } else {
        setPieces([piece], (key, value) => {
          set(`port.${port}.${key}`, value);
        });
      }
    }
  },
  nvme: ([first, ...rest], set) => {
    if (first === undefined) return;
    if (first.startsWith('ram=')) setPieces([first], set);
    else set('path', first);
    setPieces(rest, set);
  },
  'virtio-scsi': ([first, ...rest], set, { rel, failure }) => {
    if (rel >= 9900) {
      scsiTargets(first === undefined ? ['/dev/cam/ctl'] : [first, ...rest], set, failure);
      return;
    }
    if (first === undefined) return;
    if (first.includes('=')) setPieces([first], set);
    else if (first !== '') set('dev', first);
    setPieces(rest, set);
  },
  'virtio-9p': (pieces, set, { failure }) => {
    for (const piece of pieces) {
      const equals = piece.indexOf('=');
      if (equals < 0) {
        if (piece !== 'ro') throw new Refusal(failure, `virtio-9p: invalid option "${piece}"`);
        set('ro', 'true');
      } else {
        set('sharename', piece.slice(0, equals));
        set('path', piece.slice(equals + 1));
      }
    }
  },
  'virtio-console': (pieces, set, { failure }) => {
    for (const [port, piece] of pieces.entries()) {
      const equals = piece.indexOf('=');
      if (equals <= 0) throw new Refusal(failure, `vtcon: Empty path or port name in "${piece}"`);
      set(`port.${port}.name`, piece.slice(0, equals));
      set(`port.${port}.path`, piece.slice(equals + 1));
    }
  },
  uart: (_pieces, set, { conf }) => {
    if (conf !== '') set('path', conf);
  },
  xhci: (pieces, set) => {
    for (const [index, piece] of pieces.entries()) set(`slot.${index + 1}.device`, piece);
  },
  fbuf: (pieces, set) => {
    setPieces(pieces, (key, value) => {
      set(key === 'tcp' ? 'rfb' : key, value);
    });
  },
  passthru: ([first, ...rest], set, { rel, failure }) => {
    const text = first ?? '';
    const forms = rel >= 1302 ? [NAMED_DEVICE, DEVICE] : [DEVICE];
    const selector = forms.map((form) => form.exec(text)).find((match) => match !== null);
    if (rel >= 1302 && text.startsWith('ppt')) set('pptdev', text);
    else if (selector === undefined) throw new Refusal(failure, `passthru: invalid options "${text}"`);
    else for (const [index, key] of ['bus', 'slot', 'func'].entries()) set(key, String(Number(selector[index + 1])));
    setPieces(rest, set);
  },
};
