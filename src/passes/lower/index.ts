/**
 * CompleteDomain to Machine: the dictionary from libvirt's words to bhyve's. Needs: a completed domain. Gives: a machine
 * in which each device of the domain is an origin of a bhyve device, or was reported. Reports: what ARCHITECTURE.md has in its row.
 */
import type { Origins } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import { guestKey, type Held } from '../../ir/hardware.ts';
import type { Machine, RawOption } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { takeOrigins } from '../uses.ts';
import { lowerBootrom } from './boot.ts';
import { checkBootOrder } from './boot-order.ts';
import { lowerControllers } from './controllers.ts';
import { lowerDisks } from './disks.ts';
import { lowerDisplay } from './display.ts';
import { checkGuestName, lowerKeyboard, lowerSmbios } from './identity.ts';
import { lowerInterfaces } from './interfaces.ts';
import { lowerLifecycle } from './lifecycle.ts';
import { lowerLimits } from './limits.ts';
import { lowerLoader } from './loader.ts';
import { checkLoaderWords } from './loader-words.ts';
import { lowerPlatform } from './platform.ts';
import { placeOf } from './place.ts';
import { lowerCpus, lowerMemory } from './processor.ts';
import { isHostbridge, lowerRaw, lowerRawSlots } from './raw.ts';
import { lowerScheduling } from './scheduling.ts';
import { lowerSeed, lowerSeedDrive } from './seed.ts';
import { lowerSerials } from './serials.ts';
import { lowerFilesystems } from './filesystem.ts';
import { lowerHostdevs } from './hostdev.ts';
import { lowerRngs } from './rng.ts';
import { lowerSounds } from './sound.ts';
import { lowerTpms } from './tpm.ts';
import { reportDropped } from './dropped.ts';
import { lowerLoneTablet } from './usb.ts';

/** The steps of lowering, by name; a test takes each one out. */
export interface Lowerers {
  readonly serials: typeof lowerSerials;
  readonly bootrom: typeof lowerBootrom;
  readonly loader: typeof lowerLoader;
  readonly cpus: typeof lowerCpus;
  readonly memory: typeof lowerMemory;
  readonly keyboard: typeof lowerKeyboard;
  readonly smbios: typeof lowerSmbios;
  readonly seed: typeof lowerSeed;
  readonly hostdevs: typeof lowerHostdevs;
  readonly lifecycle: typeof lowerLifecycle;
  readonly limits: typeof lowerLimits;
  readonly scheduling: typeof lowerScheduling;
  readonly platform: typeof lowerPlatform;
  readonly raw: typeof lowerRaw;
  readonly rawSlots: typeof lowerRawSlots;
  readonly beforeSerials: Readonly<Record<string, DeviceLowerer>>;
  readonly afterSerials: Readonly<Record<string, DeviceLowerer>>;
}

/** A step of lowering that gives devices. */
type DeviceLowerer = (complete: CompleteDomain, context: Context) => readonly Device[];

/** Devices, in the order in which bhyve is told of them, which is also that of their slots. */
const beforeSerials: Readonly<Record<string, DeviceLowerer>> = {
  controllers: lowerControllers,
  loneTablet: lowerLoneTablet,
  interfaces: lowerInterfaces,
  disks: lowerDisks,
  display: lowerDisplay,
  sounds: lowerSounds,
  filesystems: lowerFilesystems,
};

const afterSerials: Readonly<Record<string, DeviceLowerer>> = {
  tpms: lowerTpms,
  rngs: lowerRngs,
  seed: lowerSeedDrive,
  others: lowerOthers,
};

/**
 * All steps of lowering. A part of the domain that none of them takes is reported, so that a step that is missing here
 * is no silent loss.
 */
export const lowerers: Lowerers = {
  serials: lowerSerials,
  bootrom: lowerBootrom,
  loader: lowerLoader,
  cpus: lowerCpus,
  memory: lowerMemory,
  keyboard: lowerKeyboard,
  smbios: lowerSmbios,
  seed: lowerSeed,
  hostdevs: lowerHostdevs,
  lifecycle: lowerLifecycle,
  limits: lowerLimits,
  scheduling: lowerScheduling,
  platform: lowerPlatform,
  raw: lowerRaw,
  rawSlots: lowerRawSlots,
  beforeSerials,
  afterSerials,
};

/** Lowers a domain to a machine, and marks in `context.uses` what it has used. */
export function lowerDomain(complete: CompleteDomain, context: Context, steps: Lowerers = lowerers): Machine {
  const { domain, arch } = complete;
  const { host, dialect, uses } = context;
  checkGuestName(domain.name, context);
  const serials = steps.serials(complete, context);
  const bootrom = steps.bootrom(complete, context);
  const loader = steps.loader(complete, serials, context);
  if (!host.privileged && loader.kind !== 'none') context.reporter.report('BV0845', domain.os.at, {});
  const { seconds, killSeconds } = host.loaderTimeout;
  const hasTimeout =
    seconds > 0 && (loader.kind === 'bhyveload' || isBhyveload(loader) || dialect.ours('loader-timeout'));
  reportDropped(complete, context);
  checkBootOrder(complete, loader, context);
  const raw = steps.raw(complete, context);
  const { at } = domain;
  const machine: Machine = {
    name: domain.name,
    arch,
    target: host.name,
    origins: [at],
    program: { value: 'bhyve', at },
    ...steps.platform(complete, context),
    cpus: steps.cpus(complete, context),
    scheduling: steps.scheduling(complete, context),
    memory: steps.memory(complete, raw, context),
    keyboard: steps.keyboard(complete, context),
    smbios: steps.smbios(complete, context),
    devices: lowerDevices(complete, bootrom, serials, raw, steps, context),
    raw,
    hostDevices: steps.hostdevs(complete, context),
    consoles: serials,
    loader,
    loaderTimeout: hasTimeout ? { seconds, killSeconds, verbose: !dialect.ours('loader-timeout') } : null,
    rundir: host.privileged ? null : host.runDirectory,
    secretsPath: host.capabilities.has('config-file')
      ? `${host.stateDirectory}/${domain.name.value}.secrets.conf`
      : null,
    seed: steps.seed(complete, context),
    lifecycle: steps.lifecycle(complete, context),
    limits: steps.limits(complete, context),
    startAfter: domain.startAfter.map((guest) => uses.take(guest)),
    remembered: rememberedOf(complete),
  };
  checkLoaderWords(machine, domain.os.bootloaderArgs, context);
  // What implies the LPC bridge is not in use by that: it has to become a device on the bridge.
  takeOrigins({ ...machine, devices: machine.devices.filter(({ kind }) => kind !== 'lpc') }, uses);
  return machine;
}

/** What was given to devices before lowering. */
function rememberedOf({ recall, uuid, disks, channels }: CompleteDomain): Machine['remembered'] {
  const seats = new Map<string, Held>([[guestKey, { uuid }]]);
  for (const { disk, controller, unit } of disks) {
    if (controller !== null && unit !== null) seats.set(recall.of(disk).key, { drive: { controller, unit } });
  }
  for (const { channel, controller, port } of channels) {
    seats.set(recall.of(channel).key, { port: { controller, unit: port } });
  }
  return { known: recall.entries, seats, present: recall.present };
}

function isBhyveload(loader: Machine['loader']): boolean {
  return loader.kind === 'custom' && loader.program === 'bhyveload';
}

function lowerDevices(
  complete: CompleteDomain,
  bootrom: readonly Device[],
  serials: readonly Device[],
  raw: readonly RawOption[],
  steps: Lowerers,
  context: Context,
): readonly Device[] {
  const { at, hostbridge } = complete.domain;
  const ownBridge = context.dialect.ours('own-elements') ? hostbridge : null;
  const bridge = ownBridge ?? ({ value: 'hostbridge', at } as const);
  const onSlotZero = { kind: 'fixed', address: { bus: 0, slot: 0, function: 0 } } as const;
  return [
    ...(context.dialect.ours('raw-arguments') && raw.some(isHostbridge)
      ? []
      : [{ kind: 'hostbridge', place: onSlotZero, model: bridge, origins: [bridge.at] } as const]),
    ...bootrom,
    ...Object.values(steps.beforeSerials).flatMap((lower) => lower(complete, context)),
    ...serials,
    ...Object.values(steps.afterSerials).flatMap((lower) => lower(complete, context)),
    ...steps.rawSlots(raw, context),
  ];
}

/** A device that has no place on the PCI bus of bhyve keeps the slot that its address names: libvirt does so. */
function lowerOthers({ domain }: CompleteDomain, context: Context): readonly Device[] {
  const { others, serials, consoles, inputs, tpms, hostdevs } = domain.devices;
  const notPci = hostdevs.filter(({ source }) => source === null);
  const holders = [...others, ...serials, ...consoles, ...inputs, ...tpms, ...notPci];
  return holders.flatMap(({ address, at }, ordinal): readonly Device[] => {
    if (address?.type !== 'pci') return [];
    const origins: Origins = [at];
    const owner = `another device, number ${String(ordinal + 1)}`;
    const place = placeOf({ owner, remembered: null, address, origins, libvirtPrintsFunction: true }, context);
    // An address of zeros asks for no slot here: only devices of bhyve are given one.
    return place.kind === 'granted' && place.need.wanted !== null ? [{ kind: 'empty-slot', place, origins }] : [];
  });
}
