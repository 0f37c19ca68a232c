/** Reports and what they mean, the rare ones: tests of whole runs have the others. */
import { expect, test } from 'vitest';
import { readFact } from '../launches/facts.ts';
import { endOf } from './ending.ts';

const began = 'launcher 1|step bhyve|guest 2|';

test.each([
  [
    'the loader fails in the second turn',
    `${began}end 0 reboot restart|failed 1 the loader failed|undone`,
    1,
    false,
    3,
  ],
  [
    'a crash loop',
    `${began}end 3 crash restart|failed 1 ended 5 times within 10 seconds of its start: no|undone`,
    1,
    false,
    7,
  ],
  ['a crash loop, by its code', `${began}end 3 crash restart|failed 1 crash-loop told otherwise|undone`, 1, false, 7],
  [
    'stopped, but not all is unmade',
    `${began}press|end 1 poweroff stop|failed 1 could not be undone: tap x|left`,
    1,
    true,
    3,
  ],
  ['a crash stays one where not all is unmade', `${began}end 3 crash destroy|failed 1 could not|left`, 1, false, 6],
  ['stopped by somebody else', `${began}press|end 1 poweroff stop|undone`, 0, false, 0],
  ['asked, and forced by the limit', `${began}press|force|end 1 poweroff stop|undone`, 0, true, 5],
  ['asked before it ran', 'launcher 1|step modules vmm|undone', 0, true, 0],
  ['asked, but it could not even be prepared', 'launcher 1|step check|failed 6 no disk|undone', 6, true, 3],
  ['the launcher was killed', began, 137, false, 6],
  ['no report, all well', '', 0, false, 0],
  ['no report, something was wrong', '', 6, false, 3],
  ['suspended', `${began}end 5 poweroff destroy|undone`, 0, false, 0],
  ['preserved', `${began}end 1 poweroff preserve|kept poweroff`, 0, false, 8],
] as const)('%s', (_title, report, launcherStatus, asked, status) => {
  const facts = report.split('|').flatMap((line) => readFact(line) ?? []);
  expect(endOf(facts, launcherStatus, asked).status).toBe(status);
});
