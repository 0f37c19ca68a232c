/** What a build changes for each volume. Nothing of it is done on the host but by create-volumes, which changes no volume that is there. */
import { fateOf, pairsOf, type Change, type Fate } from './fate.ts';

/** What is known of a volume before or after. */
export interface VolumeFacts {
  readonly pool: string;
  readonly name: string;
  /** Its size in bytes. */
  readonly bytes: string;
  /** How it is made; null for an image that somebody has to put there. */
  readonly how: string | null;
}

/** What becomes of one volume. */
export interface VolumeChange extends Fate {
  /** Its pool and name, `tank/root`. */
  readonly volume: string;
}

/** Compares volumes by their paths. */
export function compareVolumes(
  before: ReadonlyMap<string, VolumeFacts>,
  after: ReadonlyMap<string, VolumeFacts>,
): readonly VolumeChange[] {
  return pairsOf(before, after).flatMap(({ key, old, fresh }): readonly VolumeChange[] => {
    const known = fresh ?? old;
    if (known === undefined) return [];
    return [{ volume: `${known.pool}/${known.name}`, ...fateOf(old, fresh, changesOf(key, old, fresh)) }];
  });
}

function changesOf(path: string, old: VolumeFacts | undefined, fresh: VolumeFacts | undefined): readonly Change[] {
  const one = (sign: Change['sign'], text: string): Change => ({ sign, degree: 'host-only', text });
  if (fresh === undefined) return [one('-', `no document has ${path} any more: what is there stays`)];
  if (old === undefined) {
    const what = `${path}, ${fresh.bytes} bytes`;
    if (fresh.how === null) return [one('+', `a new image, ${what}: it has to be put there`)];
    return [one('+', `a new volume, ${what}: create-volumes makes it where it is not there`)];
  }
  if (old.bytes !== fresh.bytes) {
    return [one('~', `size: ${old.bytes} bytes becomes ${fresh.bytes}: create-volumes resizes nothing that is there`)];
  }
  const names = [old, fresh].map(({ pool, name }) => `${pool}/${name}`);
  return [
    ...(names[0] === names[1] ? [] : [one('~', `name: ${names.join(' becomes ')}`)]),
    ...(old.how === fresh.how
      ? []
      : [one('~', `made, where it is not there, by: ${shown(old)} becomes ${shown(fresh)}`)]),
  ];
}

function shown({ how }: VolumeFacts): string {
  return how ?? 'nobody';
}
