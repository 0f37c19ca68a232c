/** empty-slot: no device of bhyve, but a slot that no other device gets. */
import { placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** A slot that is kept free for a device that bhyve is not told of. */
export interface EmptySlot extends DeviceNode<'empty-slot'> {
  readonly place: Place;
}

export const emptySlot: Emulation<EmptySlot> = {
  kind: 'empty-slot',
  summary: 'no device: keeps a slot, so that the slots of other devices are those of libvirt',
  manual: 'bhyve(8), option -s',
  needs: ({ place }) => placeNeeds(place, 'alone'),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: () => [],
};
