/** hostbridge: what every guest has on slot 0; bhyve(8), "hostbridge" and "amd_hostbridge". */
import type { Located } from '../../diagnostics/source.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Hostbridge extends DeviceNode<'hostbridge'> {
  readonly place: Place;
  /** The word of bhyve: that of AMD has another vendor ID. */
  readonly model: Located<'hostbridge' | 'amd_hostbridge'>;
}

export const hostbridge: Emulation<Hostbridge> = {
  kind: 'hostbridge',
  summary: 'host bridge, always on slot 0',
  manual: 'bhyve(8), "hostbridge" and "amd_hostbridge"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => {
    const { place, model } = device;
    const rule = 'every guest has a host bridge on slot 0';
    const written = pciSetting(device, addressOf(place, grants), model.value, [], rule);
    // The keys of AMD's vendor ID are other ones in each release, and its name is no key: only the word says it everywhere.
    return [model.value === 'amd_hostbridge' ? { ...written, entries: [] } : written];
  },
};
