/** `npm run conformance`: builds, then runs the conformance runner from dist-test/ with the arguments given. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './bundling.mjs';

execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const runner = path.join(root, 'dist-test/conformance.mjs');
const { status } = spawnSync(process.execPath, [runner, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 2);
