/** examples/scripts holds the scripts of one typical guest; UPDATE_EXAMPLES=1 writes them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { rcd } from '../../src/backends/rcd/emit.ts';
import { planOf } from './guests.ts';

const folder = path.join(root, 'examples/scripts');

test('the example scripts are what the example guest gives', () => {
  const xml = readFileSync(path.join(folder, 'web.xml'), 'utf8');
  const plan = planOf(xml, 'freebsd-14.3', 'web.xml');
  for (const { path: name, text, mode } of [...launcher.emit(plan), ...rcd.emit(plan)]) {
    const file = path.join(folder, name);
    if (process.env['UPDATE_EXAMPLES'] !== undefined) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
});
