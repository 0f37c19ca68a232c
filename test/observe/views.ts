// A guest as it is shown, where a test cares for a few fields.
import type { GuestView } from '../../src/control/vocabulary.ts';

export function viewOf(fields: Partial<GuestView>): GuestView {
  return {
    name: 'demo',
    uuid: 'u',
    title: null,
    id: null,
    state: 'shut off',
    reason: '',
    message: null,
    persistent: true,
    autostart: false,
    autostartOrder: null,
    autostartDelaySeconds: null,
    memoryMib: 256,
    vcpus: 1,
    since: null,
    changedSinceStart: false,
    onPoweroff: 'destroy',
    onReboot: 'restart',
    onCrash: 'destroy',
    startAfter: [],
    starts: 0,
    restartAt: null,
    ...fields,
  };
}
