/**
 * A host in git: its guests and devices are added, removed, reordered and changed at random, and built each time with the lock
 * of the build before. What was placed stays where it is, nothing is given to two guests, and the same documents with the
 * same lock give the same bytes, in whatever order they come.
 */
import { expect, test } from 'vitest';
import { lower } from '../../src/compile/lower.ts';
import { compileHost } from '../../src/compile/place.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import { compareGuests } from '../../src/changes/compare.ts';
import { lockText, readLock } from '../../src/hardware/lock-text.ts';
import { pruned } from '../../src/hardware/prune.ts';
import { defaultTarget } from '../../src/host/default-target.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { claimsOf, type Hardware } from '../../src/ir/hardware.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { textOf } from '../../src/ir/words.ts';
import { size } from '../full.ts';
import { createDice, type Dice } from '../relaxng/nodes.ts';

const host = targetProfile(defaultTarget, 'bhyvec');
if (host === null) throw new Error('there is no default target');
const options: CompileOptions = { host, dialect: 'bhyvec', schema: 'error', strict: false };

/** A device and the word by which this test finds it again in a command line, whatever place it has. */
interface TestDevice {
  readonly mark: string;
  readonly xml: string;
}
interface TestGuest {
  readonly name: string;
  readonly vcpus: number;
  readonly isLocked: boolean;
  readonly devices: readonly TestDevice[];
}

/** A new device; its number is used for nothing else. */
function deviceOf(dice: Dice, guest: string, number: number): TestDevice {
  const id = String(number);
  const file = `/vm/${guest}/${id}.img`;
  const disk = (kind: string, bus: string, target: string): TestDevice => ({
    mark: file,
    xml: `<disk type='file' device='${kind}'><source file='${file}'/><target dev='${target}' bus='${bus}'/></disk>`,
  });
  const letters = `${String.fromCodePoint(97 + Math.floor(number / 26))}${String.fromCodePoint(97 + (number % 26))}`;
  const kinds = [
    disk('disk', 'virtio', `vd${letters}`),
    disk('disk', 'sata', `sd${letters}`),
    disk('cdrom', 'sata', `sd${letters}`),
    disk('disk', 'nvme', `nvme${id}n1`),
    {
      mark: `bridge${id}`,
      xml: `<interface type='bridge'><source bridge='bridge${id}'/><model type='virtio'/></interface>`,
    },
    {
      mark: `mac=52:54:00:00:00:${(number % 256).toString(16).padStart(2, '0')}`,
      xml: `<interface type='bridge'><mac address='52:54:00:00:00:${(number % 256).toString(16).padStart(2, '0')}'/>
        <source bridge='bridge0'/><model type='e1000'/><target dev='tap${guest}${id}'/></interface>`,
    },
    {
      mark: `share${id}=`,
      xml: `<filesystem type='mount'><source dir='/srv/${id}'/><target dir='share${id}'/></filesystem>`,
    },
  ];
  const chosen = kinds[dice(kinds.length)];
  if (chosen === undefined) throw new Error('there are kinds of devices');
  return chosen;
}

function xmlOf({ name, vcpus, isLocked, devices }: TestGuest): string {
  return `<domain type='bhyve'><name>${name}</name><memory unit='GiB'>1</memory><vcpu>${String(vcpus)}</vcpu>
    ${isLocked ? '<memoryBacking><locked/></memoryBacking>' : ''}<os firmware='efi'><type>hvm</type></os><devices>${devices.map(({ xml }) => xml).join('\n')}
    <serial type='nmdm'/><graphics type='vnc' autoport='yes'/></devices></domain>`;
}

/** Where a device is: its PCI function, its port on that, its MAC address. */
function placeOf({ mark }: TestDevice, { bhyve, steps }: Plan): string {
  const tap = steps.find((step) => step.kind === 'tap' && step.bridge === mark);
  const sign = tap?.kind === 'tap' ? tap.name : mark;
  const word = bhyve.words
    .map(({ pieces }) => textOf(pieces))
    .find((text) => text.split(/[,=:]/).includes(sign) || text.includes(sign));
  const [slot = '', kind = ''] = word?.split(',') ?? [];
  const port = word?.split(/,(?=hd:|cd:)/).findIndex((part) => part.includes(sign));
  return kind === 'ahci' ? `${slot} port ${String(port)}` : `${slot} ${/mac=[^,]*/.exec(word ?? '')?.[0] ?? ''}`;
}

interface Built {
  readonly plans: ReadonlyMap<string, Plan>;
  readonly lock: string;
  readonly hardware: Hardware;
}

function build(guests: readonly TestGuest[], text: string): Built {
  const read = readLock(text);
  if ('problem' in read) throw new Error(read.problem);
  const all = { ...options, lock: read.hardware };
  const lowered = guests.map((guest) => lower({ name: `${guest.name}.xml`, text: xmlOf(guest) }, all));
  const { compilations, hardware } = compileHost(lowered, all);
  const errors = compilations.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error'));
  expect(errors.map(({ message }) => message)).toEqual([]);
  const plans = new Map(compilations.flatMap(({ plan }) => (plan === null ? [] : [[plan.vmname, plan] as const])));
  return { plans, lock: lockText(hardware), hardware };
}

function guestOf(name: string): TestGuest {
  return { name, vcpus: 1, isLocked: false, devices: [] };
}

/** One edit; devices are few enough to fit whatever is chosen. */
function edit(dice: Dice, guests: readonly TestGuest[], number: number): readonly TestGuest[] {
  const at = dice(guests.length);
  const change = (work: (guest: TestGuest) => TestGuest): readonly TestGuest[] =>
    guests.map((guest, place) => (place === at ? work(guest) : guest));
  switch (dice(8)) {
    case 0:
      return guests.length > 5 ? guests : [...guests, guestOf(`g${String(number)}`)];
    case 1:
      return guests.length > 1 ? guests.filter((_, place) => place !== at) : guests;
    case 2:
      return guests.toReversed();
    case 3:
      return change((guest) => ({ ...guest, devices: guest.devices.toReversed() }));
    case 4:
      return change((guest) => ({ ...guest, devices: guest.devices.filter(() => dice(3) > 0) }));
    case 5:
      return change((guest) => ({ ...guest, vcpus: 1 + dice(4) }));
    case 6:
      return change((guest) => ({ ...guest, isLocked: !guest.isLocked }));
    default:
      return change((guest) => {
        const fresh = guest.devices.length > 6 ? [] : [deviceOf(dice, guest.name, number)];
        return { ...guest, devices: dice(2) === 0 ? [...fresh, ...guest.devices] : [...guest.devices, ...fresh] };
      });
  }
}

/** Their order says nothing to a guest. */
function wordsOf({ bhyve }: Plan): readonly string[] {
  return bhyve.words.map(({ pieces }) => textOf(pieces)).toSorted();
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.join('\n') === other.join('\n');
}

/** What a command line says of a guest, each kind of thing for itself. */
interface Said {
  /** Files of disks that hold data. */
  readonly data: readonly string[];
  /** What hardware there is, and where; what is in a drive is none. */
  readonly hardware: readonly string[];
  readonly media: readonly string[];
  readonly vcpus: readonly string[];
}

/** Read off the words alone: nothing that classes are made of has a say. */
function saidOf(plan: Plan): Said {
  const texts = plan.bhyve.words.map(({ pieces }) => textOf(pieces));
  const said = { data: new Array<string>(), hardware: new Array<string>(), media: new Array<string>() };
  for (const text of texts.filter((word) => /^\d+(?::\d+){0,2},/.test(word))) {
    const [slot = '', kind = '', first = ''] = text.split(',');
    const sign = /mac=[^,]*/.exec(text)?.[0] ?? (kind === 'virtio-9p' ? first : '');
    said.hardware.push([slot, kind, sign].join(' '));
    if (kind === 'virtio-blk' || kind === 'nvme') said.data.push(first);
    if (kind !== 'ahci') continue;
    for (const [port, drive] of text
      .split(/,(?=hd:|cd:)/)
      .slice(1)
      .entries()) {
      const [type = '', file = ''] = drive.split(/[:,]/);
      said.hardware.push([slot, port, type].join(' '));
      (type === 'hd' ? said.data : said.media).push(file);
    }
  }
  return { ...said, vcpus: texts.filter((_, i) => texts[i - 1] === '-c') };
}

/** What a change of words means to the guest. */
function degreeOf(old: Plan, fresh: Plan): string {
  if (isEqual(wordsOf(old), wordsOf(fresh))) return 'nothing';
  const [was, is] = [saidOf(old), saidOf(fresh)];
  const isSame = (key: keyof Said): boolean => isEqual(was[key].toSorted(), is[key].toSorted());
  // A drive with nothing in it holds no data.
  if (was.data.some((file) => file !== '' && !is.data.includes(file))) return 'may-lose-data';
  if (!isSame('hardware') || !isSame('data')) return 'guest-visible';
  return isSame('vcpus') && isSame('media') ? 'host-only' : 'needs-restart';
}

function expectApart(hardware: Hardware): void {
  const owners = new Map<string, string>();
  for (const [guest, devices] of hardware) {
    for (const [kind, value] of [...devices.values()].flatMap(claimsOf)) {
      const key = `${kind} ${value}`;
      expect([key, owners.get(key) ?? guest]).toEqual([key, guest]);
      owners.set(key, guest);
    }
  }
}

test.each(Array.from({ length: size(2, 300) }, (_, seed) => seed))('hardware never moves, seed %i', (seed) => {
  const dice = createDice(seed + 1);
  let guests: readonly TestGuest[] = [guestOf('first')];
  let built = build(guests, lockText(new Map()));
  for (let step = 1; step <= size(12, 20); step++) {
    const next = edit(dice, guests, step);
    const now = build(next, built.lock);
    for (const guest of next) {
      const before = guests.find(({ name }) => name === guest.name);
      const [old, fresh] = [built.plans.get(guest.name), now.plans.get(guest.name)];
      if (before === undefined || old === undefined || fresh === undefined) continue;
      const stayed = guest.devices.filter(({ mark }) => before.devices.some((one) => one.mark === mark));
      const places = (plan: Plan): object => stayed.map((one) => [guest.name, one.mark, placeOf(one, plan)]);
      expect(places(fresh)).toEqual(places(old));
    }
    expectApart(now.hardware);
    for (const { guest, kind, degree, changes } of compareGuests(built.plans, now.plans)) {
      const [old, fresh] = [built.plans.get(guest), now.plans.get(guest)];
      if (old === undefined || fresh === undefined) continue;
      expect([guest, kind]).toEqual([guest, isEqual(wordsOf(old), wordsOf(fresh)) ? 'unchanged' : 'changed']);
      expect([guest, degree]).toEqual([guest, degreeOf(old, fresh)]);
      expect(changes.filter(({ text }) => text.includes('moves from'))).toEqual([]);
    }
    const again = build(next.toReversed(), built.lock);
    expect([again.lock, build(next, now.lock).lock]).toEqual([now.lock, now.lock]);
    const argvOf = ({ plans }: Built): object => [...plans.values()].map(wordsOf).toSorted();
    expect(argvOf(again)).toEqual(argvOf(now));
    // Now and then the places of what is gone are given away: what is there stays.
    const prunes = dice(5) === 0;
    const names = new Set(next.map(({ name }) => name));
    built = prunes ? { ...now, lock: lockText(pruned(now.hardware, (name) => names.has(name))) } : now;
    guests = next;
  }
});
