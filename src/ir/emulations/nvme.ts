/** nvme: one NVMe controller with one namespace; bhyve(8), "nvme". */
import type { Located } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import { named, positional } from '../settings.ts';
import { blockConfs, blockRequires, diskFile, type BlockOptions } from './block.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Nvme extends DeviceNode<'nvme'> {
  readonly place: Place;
  readonly path: Located<string>;
  /** Number of queues and of their entries. */
  readonly maxq: number | null;
  readonly qsz: number | null;
  /** Sector size in bytes; nvme has an option of its own for it. */
  readonly sectsz: number | null;
  readonly eui64: string | null;
  readonly serial: Located<string> | null;
  readonly dsm: 'enable' | 'disable' | null;
  readonly options: BlockOptions;
}

export const nvme: Emulation<Nvme> = {
  kind: 'nvme',
  summary: 'NVMe controller with one disk',
  manual: 'bhyve(8), "nvme"',
  needs: ({ place }) => placeNeeds(place, 'shared'),
  uses: () => [],
  requires: ({ dsm, options }) => [
    'nvme',
    ...(dsm === null ? [] : (['nvme-dsm'] satisfies Capability[])),
    ...(options.nocache || options.direct || options.readonly ? (['nvme-block-options'] satisfies Capability[]) : []),
    ...blockRequires(options),
  ],
  hostSteps: ({ path, options, origins }) => [diskFile(path, 'disk', options, origins)],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'nvme',
      [
        positional('path', device.path),
        ...(device.maxq === null ? [] : [named('maxq', device.maxq)]),
        ...(device.qsz === null ? [] : [named('qsz', device.qsz)]),
        ...(device.sectsz === null ? [] : [named('sectsz', device.sectsz)]),
        ...(device.eui64 === null ? [] : [named('eui64', device.eui64)]),
        ...(device.serial === null ? [] : [named('ser', device.serial)]),
        ...(device.dsm === null ? [] : [named('dsm', device.dsm)]),
        ...blockConfs(device.options),
      ],
      'a disk on bus nvme is the one disk of its NVMe controller',
    ),
  ],
};
