/** The volume that cloud-init reads in the guest, beside the launcher, which attaches a copy of it. */
import { seedFile } from '../../ir/steps/seed.ts';
import { stepsOf } from '../../ir/steps/index.ts';
import type { Backend } from '../backend.ts';

export const seedBackend: Backend = {
  name: 'seed',
  summary: 'the NoCloud volume of cloud-init, for the launcher',
  emit({ steps }) {
    return stepsOf(steps, 'seed').flatMap(({ image, secret }) =>
      image === undefined ? [] : [{ path: seedFile, mode: secret ? 0o600 : 0o644, text: '', bytes: image(), secret }],
    );
  },
};
