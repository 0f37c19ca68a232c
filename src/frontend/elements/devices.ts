/** `<devices>`: the ordered list of what each child element is read by (formatdomain, "Devices"). */
import { childElements } from '../xml/tree.ts';
import type { Located } from '../../diagnostics/source.ts';
import type { Aliased, Devices } from '../domain.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readChannel, readConsole, readSerial } from './character.ts';
import { readController } from './controller.ts';
import { readDisk } from './disk.ts';
import { readGraphics, readVideo } from './display.ts';
import { readInterface } from './interface.ts';
import { readFilesystem } from './filesystem.ts';
import { readHostdev } from './hostdev.ts';
import { readInput } from './input.ts';
import { readOtherDevice } from './other-device.ts';
import { readRng } from './rng.ts';
import { readAudio, readSound } from './sound.ts';
import { readTpm } from './tpm.ts';

/** Elements of devices that bhyve does not have, in libvirt's order of devices. */
const otherDevices = [
  'smartcard', 'parallel', 'watchdog', 'memballoon', 'nvram', 'hub', 'redirdev', 'shmem', 'panic', 'iommu', 'vsock',
  'crypto', 'pstore', 'lease', 'memory',
]; // prettier-ignore

/** Reads the devices of a domain. */
export function readDevices(devices: ElementReader | null): Devices {
  const all = <T>(name: string, read: (element: ElementReader) => T | null): readonly T[] =>
    (devices?.children(name) ?? []).map(read).filter((device) => device !== null);
  const named = <T extends object>(name: string, read: (element: ElementReader) => T | null): readonly Aliased<T>[] =>
    all(name, (element) => {
      const device = read(element);
      return device === null ? null : { ...device, alias: readAlias(element) };
    });
  return {
    emulator: devices?.child('emulator')?.filledText() ?? null,
    disks: named('disk', readDisk),
    controllers: all('controller', readController),
    interfaces: named('interface', readInterface),
    serials: named('serial', readSerial),
    consoles: named('console', readConsole),
    channels: named('channel', readChannel),
    graphics: named('graphics', readGraphics),
    videos: named('video', readVideo),
    sounds: named('sound', readSound),
    audios: all('audio', readAudio),
    filesystems: named('filesystem', readFilesystem),
    rngs: named('rng', readRng),
    inputs: all('input', readInput),
    hostdevs: named('hostdev', readHostdev),
    tpms: all('tpm', readTpm),
    others: otherDevices.flatMap((name) => all(name, readOtherDevice)),
  };
}

/** The alias where it is the user's: libvirt keeps those that begin so, and makes up all others for each start. */
function readAlias(device: ElementReader): Located<string> | null {
  const isOurs = childElements(device.element).some(
    ({ name, attributes }) =>
      name.local === 'alias' && attributes.some((one) => one.name.local === 'name' && one.value.startsWith('ua-')),
  );
  return isOurs ? (device.child('alias')?.attribute('name') ?? null) : null;
}
