// bhyve(8), "Network device backends".

import { MAIN } from './releases.mjs';

/** @param {import('./devices.mjs').Device} device @returns {string[][]} */
export function netSteps(device) {
  checkMac(device);
  const mtu = device.int('mtu');
  if (mtu !== undefined && (mtu < 46 || mtu > 65535)) throw device.refuse(`Invalid MTU ${mtu}`);
  const backend = device.get('backend');
  if (backend === undefined) return [];
  const type = device.get('type') ?? typeOf(backend, device.rel);
  switch (type) {
    case 'tap':
    case 'vmnet':
      return [['tap', backend]];
    case 'netgraph':
      if (device.get('path') === undefined || device.get('peerhook') === undefined) {
        throw device.refuse('netgraph needs path and peerhook');
      }
      return [];
    case 'ngd':
      return [['node', `/dev/${backend}`]];
    case 'netmap':
    case 'vale':
      return [];
    case 'slirp':
      return slirpSteps(device);
    default:
      throw device.refuse(`unknown backend "${backend}"`);
  }
}

/** hostfwd=PROTO:HADDR:HPORT-GADDR:GPORT;... @param {import('./devices.mjs').Device} device @returns {string[][]} */
function slirpSteps(device) {
  const rules = device.get('hostfwd')?.split(';') ?? [];
  return rules.flatMap((rule) => {
    const fields = /^(tcp|udp):([\d.]*):(\d+)-([\d.]*):(\d+)$/.exec(rule);
    if (fields === null) throw device.refuse(`invalid hostfwd rule "${rule}"`);
    const [, protocol, address = '', port = ''] = fields;
    return protocol === 'tcp' ? [['listen', address === '' ? '0.0.0.0' : address, port]] : [];
  });
}

/** The type is guessed from the start of the name. @param {string} backend @param {number} rel */
function typeOf(backend, rel) {
  if (/^tap/.test(backend)) return 'tap';
  if (/^vmnet/.test(backend) && rel >= 1100) return 'vmnet';
  if (/^netgraph/.test(backend) && rel >= 1301) return 'netgraph';
  if (/^netmap/.test(backend)) return 'netmap';
  if (/^vale/.test(backend)) return 'vale';
  if (/^slirp/.test(backend) && rel >= 1500) return 'slirp';
  if (/^ngd/.test(backend) && rel >= MAIN) return 'ngd';
  return undefined;
}

/** @param {import('./devices.mjs').Device} device */
function checkMac(device) {
  const mac = device.get('mac');
  if (mac === undefined) return;
  const isForm = /^([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}$/.test(mac);
  const octets = mac.split(':').map((octet) => Number.parseInt(octet, 16));
  if (!isForm || ((octets[0] ?? 0) & 1) === 1 || octets.every((octet) => octet === 0)) {
    throw device.refuse(`Invalid MAC address "${mac}"`);
  }
}
