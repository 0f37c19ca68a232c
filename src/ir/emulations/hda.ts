/** hda: a sound card; bhyve(8), "hda". */
import type { Located } from '../../diagnostics/source.ts';
import type { HostStep } from '../plan.ts';
import { named } from '../settings.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Hda extends DeviceNode<'hda'> {
  readonly place: Place;
  /** OSS devices of the host; null leaves the guest without that direction. */
  readonly play: Located<string> | null;
  readonly rec: Located<string> | null;
}

export const hda: Emulation<Hda> = {
  kind: 'hda',
  summary: 'HD audio',
  manual: 'bhyve(8), "hda"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => ['hda'],
  hostSteps: ({ play, rec, origins }) =>
    [play, rec].flatMap((device): HostStep[] =>
      device === null
        ? []
        : [{ kind: 'file', path: device.value, purpose: 'sound', access: 'write', origins, at: device.at }],
    ),
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'hda',
      [
        ...(device.play === null ? [] : [named('play', device.play)]),
        ...(device.rec === null ? [] : [named('rec', device.rec)]),
      ],
      'a sound device is an hda device; the audio backend names the OSS devices of the host',
    ),
  ],
};
