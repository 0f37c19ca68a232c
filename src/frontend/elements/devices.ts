/** `<devices>`: the ordered list of what each child element is read by (formatdomain, "Devices"). */
import type { Devices } from '../domain.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readChannel, readConsole, readSerial } from './character.ts';
import { readController } from './controller.ts';
import { readDisk } from './disk.ts';
import { readGraphics, readVideo } from './display.ts';
import { readInterface } from './interface.ts';
import { readFilesystem, readHostdev, readInput, readOtherDevice, readRng, readTpm } from './small-devices.ts';
import { readAudio, readSound } from './sound.ts';

/** Elements of devices that bhyve does not have, in libvirt's order of devices. */
const otherDevices = [
  'smartcard', 'parallel', 'watchdog', 'memballoon', 'nvram', 'hub', 'redirdev', 'shmem', 'panic', 'iommu', 'vsock',
  'crypto', 'pstore', 'lease', 'memory',
]; // prettier-ignore

/** Reads the devices of a domain. */
export function readDevices(devices: ElementReader | null): Devices {
  const all = <T>(name: string, read: (element: ElementReader) => T | null): readonly T[] =>
    (devices?.children(name) ?? []).map(read).filter((device) => device !== null);
  return {
    emulator: devices?.child('emulator')?.filledText() ?? null,
    disks: all('disk', readDisk),
    controllers: all('controller', readController),
    interfaces: all('interface', readInterface),
    serials: all('serial', readSerial),
    consoles: all('console', readConsole),
    channels: all('channel', readChannel),
    graphics: all('graphics', readGraphics),
    videos: all('video', readVideo),
    sounds: all('sound', readSound),
    audios: all('audio', readAudio),
    filesystems: all('filesystem', readFilesystem),
    rngs: all('rng', readRng),
    inputs: all('input', readInput),
    hostdevs: all('hostdev', readHostdev),
    tpms: all('tpm', readTpm),
    others: otherDevices.flatMap((name) => all(name, readOtherDevice)),
  };
}
