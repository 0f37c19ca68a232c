/** The device map of grub-bhyve: its disks by the names of grub. */
import { loaderFile, type LoaderFileStep } from './loader-file.ts';

export type DeviceMapStep = LoaderFileStep<'device-map'>;

export const deviceMap = loaderFile('device-map', 'the device map');
