// bhyve(8), "LPC devices": the -l option.

import { Refusal } from './config-tree.mjs';
import { lpcDevices } from './releases.mjs';

/** @param {string} text @param {import('./config-tree.mjs').ConfigTree} config @param {import('./options.mjs').Target} target */
export function parseLpc(text, config, { rel }) {
  const comma = text.indexOf(',');
  const device = (comma < 0 ? text : text.slice(0, comma)).toLowerCase();
  const rest = comma < 0 ? undefined : text.slice(comma + 1);
  if (!lpcDevices(rel).includes(device)) throw new Refusal(64, `invalid lpc device configuration '${text}'`);
  if (device === 'pc-testdev') {
    config.set('lpc.pc-testdev', 'true');
    return;
  }
  if (rest === undefined || rest === '') throw new Refusal(64, `invalid lpc device configuration '${text}'`);
  if (device.startsWith('com')) {
    config.set(`lpc.${device}.path`, rest);
    return;
  }
  if (device === 'tpm') {
    parseTpm(rest, config, rel);
    return;
  }
  parseBootrom(rest, config, rel);
}

/** @param {string} rest @param {import('./config-tree.mjs').ConfigTree} config @param {number} rel */
function parseBootrom(rest, config, rel) {
  const prefix = rel >= 1500 ? '' : 'lpc.';
  if (rel < 1302) {
    config.set('lpc.bootrom', rest);
    return;
  }
  const [rom = '', ...pieces] = rest.split(',');
  config.set(`${prefix}bootrom`, rom);
  for (const [index, piece] of pieces.entries()) {
    const equals = piece.indexOf('=');
    if (equals < 0 && index === 0 && piece !== '') config.set(`${prefix}bootvars`, piece);
    else if (equals > 0 && equals < piece.length - 1 && rel >= 1400)
      config.set(`lpc.${piece.slice(0, equals)}`, piece.slice(equals + 1));
    else throw new Refusal(64, `invalid boot ROM configuration '${rest}'`);
  }
}

/** @param {string} rest @param {import('./config-tree.mjs').ConfigTree} config @param {number} rel */
function parseTpm(rest, config, rel) {
  const [type = '', path, ...pieces] = rest.split(',');
  if (path === undefined || path === '' || (type !== 'passthru' && (type !== 'swtpm' || rel < 1403))) {
    throw new Refusal(64, `invalid TPM configuration '${rest}'`);
  }
  config.set('tpm.type', type);
  config.set('tpm.path', path);
  config.set('tpm.version', '2.0');
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    if (equals <= 0 || equals === piece.length - 1) throw new Refusal(64, `invalid TPM configuration '${rest}'`);
    config.set(`tpm.${piece.slice(0, equals)}`, piece.slice(equals + 1));
  }
}
