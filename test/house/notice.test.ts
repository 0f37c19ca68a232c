/** NOTICE names what is bundled, with its licences: `npm run notice` writes it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { noticeText } from '../../scripts/notice.mjs';

test('NOTICE is up to date', async () => {
  expect(readFileSync(path.join(root, 'NOTICE'), 'utf8')).toBe(await noticeText());
});
