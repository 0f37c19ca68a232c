/** A launch starts few processes: the budget is one for each thing that it looks at or makes. */
import { expect, test } from 'vitest';
import { measureDestroy, measureLaunch } from './measure.ts';

test('few processes until bhyve runs', async () => {
  const { commands, milliseconds } = await measureLaunch({ nics: 1 });
  console.log(
    `launch run: ${String(commands.length)} processes before bhyve, ${milliseconds.toFixed(0)} ms on the stand-in host`,
  );
  expect(commands.map((command) => command.split(' ')[0])).toEqual([
    'id',
    'mkdir',
    'kldload',
    'kldstat',
    'kldstat',
    'kldstat',
    'kldstat',
    'sysctl',
    'ifconfig',
    'ifconfig',
    'ifconfig',
    'ifconfig',
    'ifconfig',
  ]);
});

test('destroy of a guest that does not listen', async () => {
  const milliseconds = await measureDestroy({ nics: 1 });
  console.log(`launch destroy: ${milliseconds.toFixed(0)} ms on the stand-in host`);
  expect(milliseconds).toBeGreaterThan(0);
});
