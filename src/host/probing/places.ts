/**
 * Bridges and ZFS datasets that a host has, to the names under which a profile offers them as libvirt networks and
 * storage pools. bhyve knows neither, so the names are a proposal: the notes say what was chosen.
 */
import { profileShape } from '../fields.ts';
import type { StoragePool } from '../profile.ts';
import type { TextShape } from '../shape.ts';
import { linesOf } from './answer.ts';
import { isUplink, type NetworkInterface } from './system-texts.ts';

/** Names and what they stand for, with what is to be said of the choice. */
export interface Named<T> {
  readonly names: ReadonlyMap<string, T>;
  readonly notes: readonly string[];
}

/**
 * Each bridge is a network of its own name, and `vm-NAME`, as vm-bhyve calls its switches, of NAME as well. `default` is
 * the only bridge, or the first one that leads out of the host.
 */
export function namedNetworks(
  interfaces: readonly NetworkInterface[],
): Named<string> & { /** All that a profile can name. */ readonly bridges: readonly string[] } {
  const pattern = mapShape('networks');
  const all = interfaces.filter(({ isBridge }) => isBridge).toSorted((a, b) => inOrder(a.name, b.name));
  const bridges = all.filter(({ name }) => pattern.test(name));
  const names = new Map(bridges.map(({ name }) => [name, name]));
  for (const { name } of bridges) {
    const short = /^vm-(.+)$/.exec(name)?.[1];
    if (short !== undefined && !names.has(short)) names.set(short, name);
  }
  const notes = all
    .filter(({ name }) => !pattern.test(name))
    .map(({ name }) => `bridge ${JSON.stringify(name)} is left out: a profile has no such name`);
  const leading = bridges.filter(({ members }) => members.some((member) => isUplink(member, interfaces)));
  const chosen = bridges.length === 1 ? bridges[0] : leading[0];
  if (chosen === undefined) {
    if (bridges.length === 0) notes.push('no bridge was found: "networks" is empty');
    else notes.push('no bridge has an uplink: none of them is taken for the network "default"');
  } else if (!names.has('default')) {
    names.set('default', chosen.name);
    const reason = bridges.length === 1 ? 'the only bridge' : 'the first bridge with an uplink';
    notes.push(`the network "default" is ${chosen.name}, ${reason}`);
  }
  return { names, bridges: bridges.map(({ name }) => name), notes };
}

/**
 * Takes the output of `zpool list -H -o name` and of `zfs list -H -t volume -o name`. Each zpool is a storage pool of
 * its own name; each dataset that volumes lie in is one by the last part of its name, or all of it where that is taken.
 */
export function namedPools(zpools: string, volumes: string): Named<StoragePool> {
  const notes: string[] = [];
  const names = new Map<string, StoragePool>();
  const offer = (name: string, dataset: string): boolean => {
    if (names.has(name)) return false;
    names.set(name, { type: 'zfs', target: dataset });
    return true;
  };
  const usable = (dataset: string): boolean => {
    if (datasetPattern.test(dataset)) return true;
    notes.push(`dataset ${JSON.stringify(dataset)} is left out: a profile has no such name`);
    return false;
  };
  for (const pool of linesOf(zpools).toSorted(inOrder)) if (usable(pool)) offer(pool, pool);
  const parents = linesOf(volumes).map((volume) => volume.slice(0, volume.lastIndexOf('/')));
  const below = [...new Set(parents)].filter((dataset) => dataset.includes('/')).toSorted(inOrder);
  for (const dataset of below) {
    if (!usable(dataset)) continue;
    const last = dataset.slice(dataset.lastIndexOf('/') + 1);
    if (!offer(last, dataset)) offer(dataset.replaceAll('/', '-'), dataset);
  }
  const [only, ...others] =
    below.length > 0 ? below.filter((dataset) => datasetPattern.test(dataset)) : [...names.keys()];
  if (only !== undefined && others.length === 0 && offer('default', only)) {
    const reason = below.length > 0 ? 'the only dataset with volumes in it' : 'the only zpool';
    notes.push(`the storage pool "default" is ${only}, ${reason}`);
  }
  return { names, notes };
}

const datasetPattern = poolPattern();

/** Names by letters, numbers in them by value: bridge2 is before bridge10. */
function inOrder(one: string, other: string): number {
  const parts = (name: string): readonly string[] => name.split(/(\d+)/);
  const [a, b] = [parts(one), parts(other)];
  for (const [i, part] of a.entries()) {
    const second = b[i];
    if (second === undefined) return 1;
    if (part === second) continue;
    if (i % 2 === 1 && Number(part) !== Number(second)) return Number(part) - Number(second);
    return part < second ? -1 : 1;
  }
  return a.length < b.length ? -1 : 0;
}

/** The form of a value of `networks`, as the profile's own table has it. */
function mapShape(key: string): RegExp {
  const shape = profileShape.fields[key]?.shape;
  return shape?.kind === 'map' && shape.value.kind === 'text' ? patternOf(shape.value) : /^$/;
}

function poolPattern(): RegExp {
  const shape = profileShape.fields['pools']?.shape;
  const variants = shape?.kind === 'map' && shape.value.kind === 'variants' ? shape.value.variants : {};
  const dataset = variants['zfs']?.fields['dataset']?.shape;
  return dataset?.kind === 'text' ? patternOf(dataset) : /^$/;
}

function patternOf({ pattern }: TextShape): RegExp {
  return new RegExp(pattern, 'u');
}
