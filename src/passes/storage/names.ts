/** What names and places of pools and volumes may be. Reports: BV2554. */
import type { Located } from '../../diagnostics/source.ts';
import { foldedPath } from '../../ir/host-files.ts';
import type { Context } from '../context.ts';

/** The name with that of a draft around it is the name of a file. */
const longestName = 200;

const component = '[A-Za-z0-9][A-Za-z0-9_.:-]*';
const zvol = new RegExp(`^${component}$`);
const dataset = new RegExp(`^[A-Za-z][A-Za-z0-9_.:-]*(/${component})*$`);

/** Checks the name of a volume: that of a file, or of a zvol. */
export function checkVolumeName(name: Located<string>, type: 'dir' | 'zfs', context: Context): boolean {
  const { value } = name;
  const isFile = !/[/\p{Cc}]/u.test(value) && value !== '.' && value !== '..';
  if (value.length <= longestName && (type === 'zfs' ? zvol.test(value) : isFile)) return true;
  const accepted =
    type === 'zfs'
      ? `letters, digits and _.:-, ${String(longestName)} at most, the first a letter or a digit, and no folder before it`
      : `the name of a file of at most ${String(longestName)} characters, without a folder before it`;
  return refuse(name, 'the name of a volume', accepted, context);
}

/** Checks the name of a pool, which stands in messages and comments. */
export function checkPoolName(name: Located<string>, context: Context): boolean {
  if (!/[/\p{Cc}]/u.test(name.value)) return true;
  return refuse(name, 'the name of a pool', 'a name on one line without a slash', context);
}

/** The dataset of a pool; null where it can be none. */
export function datasetOf(written: Located<string>, context: Context): string | null {
  const { value } = written;
  if (value.length <= longestName && dataset.test(value)) return value;
  const accepted = 'a zpool or a dataset of one as zfs list prints it, such as zroot/vm';
  refuse(written, 'a ZFS pool', accepted, context);
  return null;
}

/** The directory of a pool, without superfluous slashes; null where it can be none. */
export function directoryOf(written: Located<string>, context: Context): string | null {
  const folded = foldedPath(written.value);
  const isPlain = !written.value.split('/').some((part) => part === '.' || part === '..') && !/\p{Cc}/u.test(folded);
  if (folded.startsWith('/') && isPlain) return folded;
  refuse(written, 'the path of a pool', 'an absolute path without . and .. in it, such as /vm', context);
  return null;
}

function refuse(written: Located<string>, what: string, accepted: string, { reporter }: Context): false {
  reporter.report('BV2554', written.at, { what, value: written.value, accepted });
  return false;
}
