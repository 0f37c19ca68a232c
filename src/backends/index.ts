/** The ordered list of backends; `build` writes their files in this order. */
import { argvBackend } from './argv/artefact.ts';
import type { Backend } from './backend.ts';
import { configBackend, secretsBackend } from './config/emit.ts';
import { launcher } from './launcher/emit.ts';
import { planBackend } from './plan-file/emit.ts';
import { rcd } from './rcd/emit.ts';
import { seedBackend } from './seed/emit.ts';

export const backends: readonly Backend[] = [
  ...[argvBackend, configBackend, secretsBackend, seedBackend],
  ...[launcher, rcd, planBackend],
];

/** The names that `--backend` takes. */
export const backendNames = backends.map(({ name }) => name);
