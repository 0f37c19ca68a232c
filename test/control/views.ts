/** Domains for tests, as the supervisor shows them. */
import { createHash } from 'node:crypto';
import type { GuestView } from '../../src/control/vocabulary.ts';

/** The time of everything that happens in the fake supervisor. */
export const then = Date.UTC(2026, 10, 24, 11, 13, 9, 42);

/** A UUID that follows from the name. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** A domain that is off. */
export function view(name: string, changes: Partial<GuestView> = {}): GuestView {
  return {
    name,
    uuid: uuidOf(name),
    title: null,
    id: null,
    state: 'shut off',
    reason: 'never started',
    message: null,
    persistent: true,
    autostart: false,
    autostartOrder: null,
    autostartDelaySeconds: null,
    memoryMib: 2048,
    vcpus: 2,
    since: null,
    changedSinceStart: false,
    onPoweroff: 'destroy',
    onReboot: 'restart',
    onCrash: 'destroy',
    startAfter: [],
    starts: 0,
    restartAt: null,
    ...changes,
  };
}
