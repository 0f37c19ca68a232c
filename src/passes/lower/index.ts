/**
 * CompleteDomain to Machine: the dictionary from libvirt's words to bhyve's. Needs: a completed domain. Gives: a machine
 * in which each device of the domain is an origin of a bhyve device, or was reported. Reports: BV05, BV06, BV08.
 */
import type { Origins } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { Machine } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { lowerBootrom } from './boot.ts';
import { bootsFirmware } from './firmware-order.ts';
import { lowerControllers } from './controllers.ts';
import { lowerDisks } from './disks.ts';
import { lowerDisplay } from './display.ts';
import { checkGuestName, lowerKeyboard, lowerSmbios } from './identity.ts';
import { lowerInterfaces } from './interfaces.ts';
import { lowerLifecycle, lowerLimits } from './lifecycle.ts';
import { lowerLoader } from './loader.ts';
import { placeOf } from './place.ts';
import { lowerCpus, lowerMemory } from './processor.ts';
import { lowerRawSlots } from './raw.ts';
import { lowerSerials } from './serials.ts';
import { lowerFilesystems, lowerHostdevs, lowerRngs, lowerSounds, lowerTpms } from './small-devices.ts';
import { reportUnused } from './unused.ts';
import { lowerLoneTablet } from './usb.ts';

/** Lowers a domain to a machine. */
export function lowerDomain(complete: CompleteDomain, context: Context): Machine {
  const { domain, arch } = complete;
  const { dialect, host, reporter } = context;
  checkGuestName(domain.name, context);
  const serials = lowerSerials(complete, context);
  const { clock, acpi, msrs, at } = domain;
  if (clock.value !== 'utc' && clock.value !== 'localtime')
    reporter.report('BV0591', clock.at, { offset: clock.value });
  const acpiWanted = acpi !== null || (dialect.ours('acpi-tables') && bootsFirmware(complete));
  const acpiOption = acpiWanted && host.capabilities.has('acpi-option');
  const bootrom = lowerBootrom(complete, context);
  const loader = lowerLoader(complete, serials, context);
  if (!host.privileged && loader.kind !== 'none') reporter.report('BV0845', domain.os.at, {});
  const { seconds, killSeconds } = host.loaderTimeout;
  const hasTimeout =
    seconds > 0 && (loader.kind === 'bhyveload' || isBhyveload(loader) || dialect.ours('loader-timeout'));
  reportUnused(complete, context);
  return {
    name: domain.name,
    arch,
    target: host.name,
    origins: [at],
    program: { value: 'bhyve', at },
    uuid: dialect.ours('guest-uuid') ? domain.uuid : null,
    cpus: lowerCpus(complete, context),
    memory: lowerMemory(complete, context),
    acpiOption: acpiOption ? [acpi ?? domain.os.at] : null,
    acpi: acpiOption || host.capabilities.has('acpi-default'),
    ignoreMsrs: msrs?.value === 'ignore' && hasMsrs(complete, context) ? [msrs.at] : null,
    utc: clock.value === 'utc' && host.capabilities.has('rtc-utc') ? [clock.at] : null,
    keyboard: lowerKeyboard(complete, context),
    smbios: lowerSmbios(complete, context),
    devices: lowerDevices(complete, bootrom, serials, context),
    raw: domain.commandline.map(({ value, at: place }) => ({ text: value, origins: [place] })),
    hostDevices: lowerHostdevs(complete, context),
    consoles: serials,
    loader,
    loaderTimeout: hasTimeout ? { seconds, killSeconds, verbose: !dialect.ours('loader-timeout') } : null,
    rundir: host.privileged ? null : host.runDirectory,
    secretsPath: host.capabilities.has('config-file')
      ? `${host.stateDirectory}/${domain.name.value}.secrets.conf`
      : null,
    lifecycle: lowerLifecycle(complete, context),
    limits: lowerLimits(complete, context),
    startAfter: domain.startAfter.map(({ value }) => value),
  };
}

/** Model-specific registers are a thing of x86. libvirt does not ask. */
function hasMsrs({ arch }: CompleteDomain, { dialect }: Context): boolean {
  return arch === 'amd64' || !dialect.ours('capability-checks');
}

function isBhyveload(loader: Machine['loader']): boolean {
  return loader.kind === 'custom' && loader.program === 'bhyveload';
}

/** In the order in which bhyve is told of them, which is also that of their slots. */
function lowerDevices(
  complete: CompleteDomain,
  bootrom: readonly Device[],
  serials: readonly Device[],
  context: Context,
): readonly Device[] {
  const origins: Origins = [complete.domain.at];
  const onSlotZero = { kind: 'fixed', address: { bus: 0, slot: 0, function: 0 } } as const;
  return [
    { kind: 'hostbridge', place: onSlotZero, origins },
    ...bootrom,
    ...lowerControllers(complete, context),
    ...lowerLoneTablet(complete, context),
    ...lowerInterfaces(complete, context),
    ...lowerDisks(complete, context),
    ...lowerDisplay(complete, context),
    ...lowerSounds(complete, context),
    ...lowerFilesystems(complete, context),
    ...serials,
    ...lowerTpms(complete, context),
    ...lowerRngs(complete, context),
    ...lowerOthers(complete, context),
    ...lowerRawSlots(complete, context),
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
    const place = placeOf({ owner, address, origins, libvirtPrintsFunction: true }, context);
    // An address of zeros asks for no slot here: only devices of bhyve are given one.
    return place.kind === 'granted' && place.need.wanted !== null ? [{ kind: 'empty-slot', place, origins }] : [];
  });
}
