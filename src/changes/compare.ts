/**
 * What a build changes for each guest, and what that means: nothing to do, for the host only, seen after a restart, hardware that
 * the guest sees change, data that may be lost.
 */
import type { Plan } from '../ir/plan.ts';
import { guestFactsOf, type Degree, type Fact } from './facts.ts';
import { becomes, fateOf, type Change, type Fate } from './fate.ts';
import type { Unit } from './units.ts';

/** What becomes of one guest. */
export interface GuestChange extends Fate {
  readonly guest: string;
}

/** What is said of a guest that is there only before, or only after. */
export interface Sentences {
  readonly added: string;
  readonly removed: string;
}

const ofBuild: Sentences = { added: 'a new guest', removed: 'the guest goes; its disks stay where they are' };

/** Compares guests by name. One that is new and has a MAC address or the UUID of one that is gone is that one, renamed. */
export function compareGuests(
  before: ReadonlyMap<string, Plan>,
  after: ReadonlyMap<string, Plan>,
  sentences: Sentences = ofBuild,
): readonly GuestChange[] {
  const gone = new Map([...before].filter(([name]) => !after.has(name)));
  const changes = [...after].map(([guest, fresh]): GuestChange => {
    const earlier = before.has(guest) ? guest : [...gone].find(([, old]) => isRenamed(old, fresh))?.[0];
    const old = before.get(earlier ?? '');
    if (earlier === undefined || old === undefined) {
      const text = sentences.added;
      return { guest, ...fateOf(undefined, fresh, [{ sign: '+', degree: 'host-only', text }]) };
    }
    gone.delete(earlier);
    if (old === fresh) return { guest, ...fateOf(old, fresh, []) };
    const name: readonly Change[] =
      earlier === guest ? [] : [{ sign: '~', degree: 'needs-restart', text: `was called ${earlier}` }];
    return { guest, ...fateOf(old, fresh, [...name, ...compare(old, fresh)]) };
  });
  const removed = [...gone].map(([guest, old]): GuestChange => {
    const text = sentences.removed;
    return { guest, ...fateOf(old, undefined, [{ sign: '-', degree: 'may-lose-data', text }]) };
  });
  return [...changes, ...removed].toSorted((one, other) => (one.guest < other.guest ? -1 : 1));
}

function isRenamed(old: Plan, fresh: Plan): boolean {
  const known = new Set(old.identities.map(({ kind, value }) => `${kind} ${value}`));
  return fresh.identities.some(({ kind, value }) => known.has(`${kind} ${value}`));
}

function compare(before: Plan, after: Plan): readonly Change[] {
  const [old, fresh] = [guestFactsOf(before), guestFactsOf(after)];
  return [...compareUnits(old.units, fresh.units), ...compareFacts(old.facts, fresh.facts)];
}

function compareFacts(before: readonly Fact[], after: readonly Fact[]): readonly Change[] {
  const [old, fresh] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): readonly Change[] => {
    const [was, is] = [old.get(key), fresh.get(key)];
    if (is === undefined)
      return was === undefined ? [] : [{ sign: '-', degree: was.degree, text: `${was.what} ${was.value}` }];
    if (was === undefined) return [{ sign: '+', degree: is.degree, text: `${is.what} ${is.value}` }];
    if (was.value === is.value) return [];
    return [{ sign: '~', degree: is.degree, text: becomes(is.what, was.value, is.value) }];
  });
}

function byKey(facts: readonly Fact[]): ReadonlyMap<string, Fact> {
  return new Map(facts.map((fact) => [fact.key, fact]));
}

/** Devices are paired by what they are known by, then by their place: what is left has come or gone. */
function compareUnits(before: readonly Unit[], after: readonly Unit[]): readonly Change[] {
  const old = [...before];
  const changes: Change[] = [];
  const left: Unit[] = [];
  const take = (fits: (unit: Unit) => boolean): Unit | undefined => {
    const at = old.findIndex(fits);
    return at < 0 ? undefined : old.splice(at, 1)[0];
  };
  for (const unit of after) {
    const same =
      take((one) => isSame(one, unit) && one.place === unit.place) ??
      (after.some((one) => one !== unit && isSame(one, unit)) ? undefined : take((one) => isSame(one, unit)));
    if (same === undefined) left.push(unit);
    else changes.push(...changesOf(same, unit));
  }
  for (const unit of left) {
    const same =
      take((one) => one.kind === unit.kind && one.kind !== 'device' && one.place === unit.place) ??
      take((one) => isSame(one, unit));
    changes.push(...(same === undefined ? [came(unit)] : changesOf(same, unit)));
  }
  return [...changes, ...old.map(went)];
}

function isSame(one: Unit, other: Unit): boolean {
  return one.kind === other.kind && one.id === other.id;
}

function nameOf({ kind, id }: Unit): string {
  return kind === 'device' ? id : `${kind} ${id}`;
}

function came(unit: Unit): Change {
  const text = `${nameOf(unit)}${unit.kind === 'device' ? '' : ` (${unit.type})`} on ${unit.place}`;
  return { sign: '+', degree: 'guest-visible', text: `${text}: the guest will see a new ${nounOf(unit)}` };
}

function went(unit: Unit): Change {
  const isData = unit.kind === 'disk' && unit.type !== 'cd';
  const text = `${nameOf(unit)} on ${unit.place}: the guest loses this ${nounOf(unit)}`;
  return { sign: '-', degree: isData ? 'may-lose-data' : 'guest-visible', text };
}

function nounOf({ kind, type }: Unit): string {
  if (kind === 'interface') return 'adapter';
  return type === 'cd' ? 'drive' : kind;
}

function changesOf(was: Unit, is: Unit): readonly Change[] {
  const changes: Change[] = [];
  const note = (degree: Degree, text: string): void => void changes.push({ sign: '~', degree, text });
  const name = nameOf(is);
  if (was.place !== is.place)
    note('guest-visible', `${name} moves from ${was.place} to ${is.place}: the guest will see a new ${nounOf(is)}`);
  if (was.id !== is.id) {
    const isDisk = is.kind === 'disk';
    const degree =
      isDisk && (was.type !== 'cd' || is.type !== 'cd') ? 'may-lose-data' : isDisk ? 'needs-restart' : 'guest-visible';
    note(degree, `${isDisk ? `the ${nounOf(is)}` : 'the MAC address'} on ${is.place}: ${was.id} becomes ${is.id}`);
  }
  if (was.type !== is.type) note('guest-visible', `${name}: ${was.type} becomes ${is.type}`);
  for (const key of new Set([...was.details.keys(), ...is.details.keys()])) {
    const [old, fresh] = [was.details.get(key) ?? 'none', is.details.get(key) ?? 'none'];
    if (old !== fresh) note(detailDegree(key), `${name}: ${key} ${old} becomes ${fresh}`);
  }
  return changes;
}

/** What it means that a key of a device changes. */
function detailDegree(key: string): Degree {
  if (/^(?:backend|rfb|password|wait|hostfwd|nocache|direct)/.test(key)) return 'host-only';
  if (/sectorsize|sectsz/.test(key)) return 'may-lose-data';
  return /^(?:ser|model|rev|eui64|nmrr|bootindex)/.test(key) ? 'guest-visible' : 'needs-restart';
}
