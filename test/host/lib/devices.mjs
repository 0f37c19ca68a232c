// How bhyve(8) initialises devices: checks every key that it reads and lists the host resources to open, in order.
// A step is a word list for lib/resources.sh.

import { Refusal } from './config-tree.mjs';
import { hasDevice } from './releases.mjs';
import { netSteps } from './backends.mjs';
import { fbufSteps } from './fbuf.mjs';

/** @typedef {import('./config-tree.mjs').ConfigTree} ConfigTree */
/** @typedef {string[]} Step */
/** @typedef {{ config: ConfigTree, node: string, rel: number, failure: number, get: (key: string) => string | undefined, int: (key: string) => number | undefined, refuse: (message: string) => Refusal }} Device */

/** @param {ConfigTree} config @param {import('./options.mjs').Target} target @returns {Step[]} */
export function deviceSteps(config, target) {
  const { rel, arch, failure } = target;
  /** @type {Step[]} */
  const steps = [];
  /** @type {Set<string>} */
  const single = new Set();
  for (const [bus, slot, func] of slots(config, failure)) {
    const node = `pci.${bus}.${slot}.${func}`;
    const where = `${bus}:${slot}:${func}`;
    const name = config.get(`${node}.device`);
    if (name === undefined) throw new Refusal(failure, `pci slot ${where}: missing "device" value`);
    const isAlias = /^(ahci-hd|ahci-cd|amd_hostbridge)$/.test(name);
    // Before 11.1 a controller with one port had no other names than its aliases.
    if (isAlias || !(hasDevice(name, rel, arch) || (name === 'ahci' && rel < 1101)))
      throw new Refusal(failure, `pci slot ${where}: unknown device "${name}"`);
    if (name === 'lpc' && bus !== 0) throw new Refusal(failure, 'lpc: must be on bus 0');
    if (['lpc', 'fbuf'].includes(name) && single.has(name))
      throw new Refusal(failure, `Only one ${name} device is allowed.`);
    single.add(name);
    if (bus !== 0 && arch === 'amd64' && config.bool('x86.mptable', true)) {
      throw new Refusal(failure, 'MP table: unable to handle multiple PCI buses');
    }
    /** @type {Device} */
    const device = {
      config,
      node,
      rel,
      failure,
      get: (key) => config.get(`${node}.${key}`),
      int: (key) => config.int(`${node}.${key}`),
      refuse: (message) => new Refusal(failure, `pci slot ${where}: ${name}: ${message}`),
    };
    steps.push(...(INIT[name]?.(device) ?? []));
  }
  return steps;
}

/** Bus, slot, function in ascending order. @param {ConfigTree} config @param {number} failure */
function slots(config, failure) {
  /** @type {[number, number, number][]} */
  const found = [];
  for (const bus of config.children('pci')) {
    for (const slot of config.children(`pci.${bus}`)) {
      for (const func of config.children(`pci.${bus}.${slot}`)) {
        if (![bus, slot, func].every((number) => /^(0|[1-9]\d*)$/.test(number))) {
          throw new Refusal(failure, `invalid PCI address pci.${bus}.${slot}.${func}`);
        }
        const address = [Number(bus), Number(slot), Number(func)];
        const [b = 0, s = 0, f = 0] = address;
        if (b > 255 || s > 31 || f > 7) throw new Refusal(failure, `invalid PCI address ${bus}:${slot}:${func}`);
        found.push([b, s, f]);
      }
    }
  }
  return found;
}

/** @type {Record<string, (device: Device) => Step[]>} */
const INIT = {
  'virtio-net': netSteps,
  e1000: netSteps,
  'virtio-blk': (device) => [disk(device, '')],
  ahci: (device) => {
    const ports = device.config.children(`${device.node}.port`);
    return ports.map((port) => {
      const type = device.get(`port.${port}.type`);
      if (type !== 'hd' && type !== 'cd') throw device.refuse(`invalid type "${type}" of port ${port}`);
      if (!/^\d+$/.test(port) || Number(port) >= 32) throw device.refuse(`invalid port ${port}`);
      return disk(device, `port.${port}.`, type === 'cd');
    });
  },
  nvme: (device) => {
    const sectorSize = device.int('sectsz');
    if (sectorSize !== undefined && ![512, 4096, 8192].includes(sectorSize))
      throw device.refuse(`invalid sectsz ${sectorSize}`);
    const dsm = device.get('dsm');
    if (dsm !== undefined && !['auto', 'enable', 'disable'].includes(dsm)) throw device.refuse(`invalid dsm ${dsm}`);
    for (const key of ['maxq', 'qsz', 'ioslots', 'eui64']) device.int(key);
    const ram = device.int('ram');
    if (ram !== undefined) return [];
    return [disk(device, '')];
  },
  'virtio-scsi': (device) => {
    const targets = device.config.children(`${device.node}.target`).map((id) => device.get(`target.${id}`));
    return [device.get('dev'), ...targets].flatMap((path) => (path === undefined ? [] : [['node', path]]));
  },
  'virtio-9p': (device) => {
    const [share, path] = [device.get('sharename'), device.get('path')];
    if (share === undefined || path === undefined) throw device.refuse('share name or path missing');
    device.config.bool(`${device.node}.ro`, false);
    return [['directory', path]];
  },
  'virtio-console': (device) => {
    const ports = device.config.children(`${device.node}.port`);
    if (ports.length > 16) throw device.refuse('too many ports');
    return ports.map((port) => {
      const [name, path] = [device.get(`port.${port}.name`), device.get(`port.${port}.path`)];
      if (name === undefined || path === undefined) throw device.refuse('vtcon: Empty path or port name');
      if (Buffer.byteLength(path) >= 104) throw device.refuse('vtcon: socket path too long');
      return ['socket', path];
    });
  },
  'virtio-input': (device) => {
    const path = device.get('path');
    if (path === undefined) throw device.refuse('path missing');
    return [['node', path]];
  },
  hda: (device) =>
    ['play', 'rec'].flatMap((key) => {
      const path = device.get(key);
      return path === undefined ? [] : [['node', path]];
    }),
  uart: (device) => {
    const path = device.get('path');
    return path === undefined ? [] : [uart(path, device.rel, device.refuse)];
  },
  xhci: (device) => {
    for (const slot of device.config.children(`${device.node}.slot`)) {
      const name = device.get(`slot.${slot}.device`);
      if (name !== 'tablet') throw device.refuse(`unknown device "${name}"`);
    }
    return [];
  },
  fbuf: fbufSteps,
  passthru: (device) => {
    if (!device.config.bool('memory.wired', false)) throw device.refuse('passthru requires guest memory to be wired');
    const rom = device.get('rom');
    const ppt = device.get('pptdev');
    const [bus, slot, func] = [device.int('bus'), device.int('slot'), device.int('func')];
    if (ppt === undefined && (bus === undefined || slot === undefined || func === undefined)) {
      throw device.refuse('invalid device selector');
    }
    const steps = [['ppt', ppt ?? `${bus}/${slot}/${func}`]];
    if (rom !== undefined && device.rel >= 1302) steps.push(['file', rom]);
    return steps;
  },
};

/** @param {Device} device @param {string} prefix @param {boolean} readonly @returns {Step} */
function disk(device, prefix, readonly = false) {
  const path = device.get(`${prefix}path`);
  if (path === undefined) throw device.refuse('missing path');
  const flag = (/** @type {string} */ key) => device.config.bool(`${device.node}.${prefix}${key}`, false);
  for (const key of ['nocache', 'direct', 'sync', 'nodelete']) flag(key);
  const sectors = device.get(`${prefix}sectorsize`);
  if (sectors !== undefined) {
    const match = /^(\d+)(?:\/(\d+))?$/.exec(sectors);
    const [logical, physical] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    const power = (/** @type {number} */ size) => size >= 512 && Number.isInteger(Math.log2(size));
    if (match === null || !power(logical) || !power(physical) || logical > physical) {
      throw device.refuse(`Invalid sector size "${sectors}"`);
    }
  }
  return ['disk', path, readonly || flag('ro') ? 'ro' : 'rw'];
}

/** Where a serial port ends. @param {string} path @param {number} rel @param {(message: string) => Refusal} refuse @returns {Step} */
export function uart(path, rel, refuse) {
  if (path === 'stdio') return ['stdio'];
  if (path.startsWith('tcp=') && rel >= 1500) {
    const match = /^tcp=(?:\[([0-9a-fA-F:.%\w]+)\]|(\d+\.\d+\.\d+\.\d+)):(\d+)$/.exec(path);
    if (match === null || Number(match[3]) > 65535) throw refuse(`invalid address "${path}"`);
    return ['listen', match[1] ?? match[2] ?? '', match[3] ?? ''];
  }
  return ['tty', path];
}
