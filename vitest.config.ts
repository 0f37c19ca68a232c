/** How the tests run: the modules of the build are loaded as in the build, the generated sources are made first. */
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { constants, generate, packagedWasm, root, vitePlugin } from './scripts/bundling.mjs';
import { LongestFirst } from './test/longest-first.ts';

await generate();

/** Where .ci/run wants a report for counting; unset elsewhere. */
const report = process.env['BHYVEC_TEST_REPORT'];
/** Whether it is for a full run: scripts/full-runs.mjs. */
const isFull = process.env['BHYVEC_FULL'] !== undefined;
const shown = process.env['CI'] === undefined ? 'default' : 'dot';

export default defineConfig({
  plugins: [vitePlugin()],
  define: await constants(packagedWasm),
  resolve: {
    // The package's entry point loads hundreds of files of lodash-es; this is the same library in one file.
    alias: { chevrotain: path.join(root, 'node_modules/chevrotain/lib/chevrotain.mjs') },
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    // More than processors: many tests wait for other processes most of the time.
    maxWorkers: isFull ? 5 : 4,
    maxConcurrency: 10,
    ...(isFull ? { sequence: { sequencer: LongestFirst } } : {}),
    isolate: false,
    restoreMocks: true,
    // Not how long a test may take, but when nobody expects its end any more, on however busy a machine.
    testTimeout: isFull ? 7_200_000 : 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 540_000, interval: 10 } },
    // A test that fails once is a bug, in the test or in what it proves: nothing is tried twice.
    retry: 0,
    globalSetup: ['test/bundled.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: report === undefined ? [shown] : [shown, ['json', { outputFile: report }]],
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts', 'src/**/*.gen.ts'] },
  },
});
