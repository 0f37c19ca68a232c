// A guest as it is shown, where a test cares for a few fields.
import type { GuestView } from '../../src/control/vocabulary.ts';
import { view } from '../control/views.ts';

export function viewOf(fields: Partial<GuestView>): GuestView {
  return view('demo', { uuid: 'u', reason: '', memoryMib: 256, vcpus: 1, ...fields });
}
