// bhyve(8), "Framebuffer devices": size limits and where the VNC server listens.

/** @param {import('./devices.mjs').Device} device @returns {string[][]} */
export function fbufSteps(device) {
  const { rel } = device;
  const [maxWidth, maxHeight] = rel >= 1500 ? [3840, 2160] : [1920, 1200];
  checkRange(device, 'w', 640, maxWidth);
  checkRange(device, 'h', 480, maxHeight);
  device.config.bool(`${device.node}.wait`, false);
  const vga = device.get('vga');
  if (vga !== undefined && !['io', 'on', 'off'].includes(vga)) throw device.refuse(`Invalid vga "${vga}"`);
  // With vga=on there is a message and no VNC server, without an error.
  if (vga === 'on') return [['say', 'fbuf: VGA rendering is not enabled, no VNC server']];
  const address = device.get('rfb') ?? '';
  if (address.startsWith('unix:') && rel >= 1501) return [['unix', address.slice('unix:'.length)]];
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d*)$|^(\d*)$/.exec(address);
  const port = match?.[3] ?? match?.[4] ?? '';
  if (match === null || Number(port) > 65535) throw device.refuse(`Invalid rfb address "${address}"`);
  const host = match[1] ?? match[2] ?? '';
  return [['listen', host === '' ? '127.0.0.1' : host, Number(port) === 0 ? '5900' : String(Number(port))]];
}

/** @param {import('./devices.mjs').Device} device @param {string} key @param {number} low @param {number} high */
function checkRange(device, key, low, high) {
  const value = device.int(key);
  if (value !== undefined && (value < low || value > high))
    throw device.refuse(`invalid ${key} ${value}: ${low} to ${high}`);
}
