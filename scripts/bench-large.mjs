/**
 * Large input, for `npm run bench`: limits of time that no test may have, since a busy machine would break them. Each
 * budget is in milliseconds beyond `bhyvec --version`; what took quadratic time would take hours.
 */
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a document may have: `maximumBytes` of src/frontend/xml/decode.ts. */
const most = 4 * 1024 * 1024;

/** @param {string} start @param {string} piece @param {string} end */
const fill = (start, piece, end) =>
  start + piece.repeat(Math.floor((most - start.length - end.length) / piece.length)) + end;

/** What a document of 4 MiB consists of; each comes to its end within the budget. @type {readonly (readonly [string, string])[]} */
const texts = [
  ['of devices', fill('<domain>', "  <disk type='file'>\n    <source file='/vm/1.img'/>\n  </disk>\n", '</domain>')],
  ['of text', fill('<a>', 't', '</a>')],
  ['of one name', fill('<', 'n', '/>')],
  ['of one value', fill("<a b='", ' ', "'/>")],
  ['of <', fill('', '<', '')],
  ['of &', fill('<a>', '&', '</a>')],
  ['of open comments', fill('<a>', '<!--', '')],
  ['of end tags', fill('<a>', '</b>', '')],
  ['in one line, with findings', fill('<domain>', '<frob/>', '</domain>')],
];

/**
 * @param {string} folder
 * @param {(words: readonly string[], allowed: readonly number[]) => { readonly milliseconds: number }} run
 * @param {readonly string[]} bhyvec the words that start it
 * @param {(what: string, figures: string, value: number, budget: number) => void} report
 */
export function measureLarge(folder, run, bhyvec, report) {
  console.log('\nLarge documents; budgets in milliseconds beyond bhyvec --version');
  const start = run([...bhyvec, '--version'], [0]).milliseconds;
  const file = path.join(folder, 'large.xml');
  const measure = (/** @type {string} */ what, /** @type {number} */ budget) => {
    const time = run([...bhyvec, 'argv', '--schema', 'off', file], [0, 1]).milliseconds - start;
    report(what, `${time.toFixed(0).padStart(7)} ms`, time, budget);
  };
  writeFileSync(file, '<domain>');
  truncateSync(file, 100_000_000);
  measure('100 MB are refused', 1000);
  writeFileSync(file, `<domain ${"type='bhyve' ".repeat(20_000)}/>`);
  measure('a tag of 240 kB', 5000);
  for (const [what, text] of texts) {
    writeFileSync(file, text);
    measure(`4 MiB ${what}`, 10_000);
  }
}
