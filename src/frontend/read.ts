/**
 * XmlElement to Domain. Needs: a tree without syntax errors. Gives: typed values; every attribute and element was read
 * or is reported. Reports: BV03.
 */
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Located, Span } from '../diagnostics/source.ts';
import type { Domain, Lifecycle, LifecycleAction } from './domain.ts';
import { readCputune, readNumatune } from './elements/cputune.ts';
import { readNuma, readTopology, readVcpuPins, readVcpus } from './elements/cpu.ts';
import { readDevices } from './elements/devices.ts';
import { readMetadata } from './elements/metadata.ts';
import { readOs } from './elements/os.ts';
import { readBlkiotune, readMemtune, readSysinfo, type Sysinfo } from './elements/tuning.ts';
import { reportLeftOver } from './left-over.ts';
import { beginReading, type ReadOptions } from './reading.ts';
import { readMemory, readUuid, readWord } from './values.ts';
import type { ElementReader } from './xml/reader.ts';
import type { XmlElement } from './xml/tree.ts';

/** Namespace of `<bhyve:commandline>`. */
const bhyveNamespace = 'http://libvirt.org/schemas/domain/bhyve/1.0';

/**
 * Reads a domain.
 * @returns the domain, or null where it has no usable name or is of another type; other mistakes are in the report
 */
export function readDomain(root: XmlElement, options: ReadOptions, reporter: Reporter): Domain | null {
  const reading = beginReading(root, options, reporter);
  if (reading === null) return null;
  const { element: domain } = reading;
  const type = domain.attribute('type');
  if (domain.name !== 'domain' || type?.value !== 'bhyve') {
    reporter.report('BV0313', type?.at ?? root.nameSpan, { type: type?.value ?? domain.name });
    return null;
  }
  const result = readParts(domain, type);
  reportLeftOver(root, reading.account(null));
  return result;
}

function readParts(domain: ElementReader, type: Located<string>): Domain | null {
  const { reporter } = domain;
  const cpu = domain.child('cpu');
  const memory = domain.child('memory');
  const current = domain.child('currentMemory');
  const sysinfo = readSysinfo(domain);
  const parts = {
    at: domain.at,
    type,
    uuid: oneUuid(readUuid(domain.child('uuid')?.filledText() ?? null, reporter), sysinfo, reporter),
    memoryKib: readMemory(memory?.filledText() ?? null, memory?.attribute('unit') ?? null, 'memory', reporter),
    currentMemoryKib: readMemory(
      current?.filledText() ?? null,
      current?.attribute('unit') ?? null,
      'currentMemory',
      reporter,
    ),
    maxMemory: readMaxMemory(domain),
    wired: domain.child('memoryBacking')?.child('locked')?.at ?? null,
    vcpus: readVcpus(domain),
    individualVcpus: readIndividualVcpus(domain),
    topology: readTopology(cpu),
    numa: readNuma(cpu),
    pins: readVcpuPins(domain.child('cputune')),
    cputune: readCputune(domain),
    memoryNodes: readNumatune(domain),
    os: readOs(domain),
    ...readFeatures(domain),
    clock: readClock(domain),
    lifecycle: readLifecycle(domain),
    blkio: readBlkiotune(domain),
    memtune: readMemtune(domain),
    sysinfo,
    devices: readDevices(domain.child('devices')),
    commandline: readCommandline(domain),
    ...readMetadata(domain),
  };
  const name = domain.child('name')?.filledText() ?? null;
  if (name !== null) return { ...parts, name };
  reporter.report('BV0310', domain.child('name')?.at ?? domain.at, { element: 'domain', part: 'name' });
  return null;
}

/** The guest reads its UUID in the SMBIOS table of the system: as libvirt has it, that is the one of the guest. */
function oneUuid(own: Located<string> | null, { uuid }: Sysinfo, reporter: Reporter): Located<string> | null {
  if (own === null || uuid === null) return own ?? uuid?.value ?? null;
  if (own.value.toLowerCase() !== uuid.value.value.toLowerCase())
    reporter.report('BV0314', uuid.value.at, {
      problem: 'the UUID of <sysinfo> is not the one of <uuid>',
      remedy: 'keep one of the two, or write the same in both: the guest has one UUID',
    });
  return own;
}

function readMaxMemory(domain: ElementReader): Span | null {
  const maxMemory = domain.child('maxMemory');
  maxMemory?.takeAll();
  return maxMemory?.at ?? null;
}

function readIndividualVcpus(domain: ElementReader): Span | null {
  const vcpus = domain.child('vcpus');
  vcpus?.takeAll();
  return vcpus?.children('vcpu')[0]?.at ?? null;
}

const features = [
  'acpi', 'apic', 'pae', 'hap', 'viridian', 'privnet', 'hyperv', 'pvspinlock', 'kvm', 'pmu', 'vmport', 'gic', 'smm',
  'ioapic', 'hpt', 'vmcoreinfo', 'htm', 'nested-hv', 'msrs', 'ccf-assist', 'xen', 'cfpc', 'sbbc', 'ibs', 'tcg',
  'async-teardown', 'ras', 'ps2', 'aia', 'capabilities',
]; // prettier-ignore

/** bhyve always has an APIC and PAE, so these two are honoured by doing nothing. */
const alwaysThere = ['apic', 'pae'];

function readFeatures(domain: ElementReader): Pick<Domain, 'acpi' | 'msrs'> {
  const element = domain.child('features');
  if (element === null) return { acpi: null, msrs: null };
  const { reporter } = element;
  const acpi = element.child('acpi')?.at ?? null;
  const msrs = element.child('msrs');
  const unknown = msrs?.attribute('unknown') ?? null;
  if (msrs !== null && unknown === null)
    reporter.report('BV0310', msrs.at, { element: 'msrs', part: 'unknown attribute' });
  for (const name of alwaysThere) element.child(name)?.takeAll();
  for (const { local, at } of strangers(element)) {
    reporter.report('BV0303', at, { what: 'a feature', value: local, accepted: features.join(', ') });
  }
  return { acpi, msrs: readWord(unknown, ['ignore', 'fault'] as const, 'unknown', reporter) };
}

function strangers(element: ElementReader): readonly { readonly local: string; readonly at: Span }[] {
  return element.element.children.flatMap((child) =>
    child.kind === 'element' && child.name.namespace === '' && !features.includes(child.name.local)
      ? [{ local: child.name.local, at: child.nameSpan }]
      : [],
  );
}

const clockOffsets = ['utc', 'localtime', 'timezone', 'variable', 'absolute'] as const;

/** `utc` and `localtime` with a numeric adjustment are what libvirt makes `variable` of: no bhyve has it. */
function readClock(domain: ElementReader): Located<string> {
  const clock = domain.child('clock');
  if (clock === null) return { value: 'utc', at: domain.at };
  const written = clock.attribute('offset');
  const offset = readWord(written, clockOffsets, 'the offset of a clock', clock.reporter);
  const adjustment = clock.attribute('adjustment');
  for (const name of ['timezone', 'basis', 'start']) clock.attribute(name);
  for (const timer of clock.children('timer')) {
    readWord(timer.look('name'), timers, 'the name of a timer', timer.reporter);
    timer.takeAll();
  }
  const base = offset ?? { value: 'utc', at: clock.at };
  if (adjustment === null || adjustment.value === 'reset' || (written !== null && offset === null)) return base;
  if (base.value !== 'utc' && base.value !== 'localtime') return base;
  return { value: `${base.value} with an adjustment`, at: adjustment.at };
}

const timers = [
  'platform', 'pit', 'rtc', 'hpet', 'tsc', 'kvmclock', 'hypervclock', 'armvtimer',
] as const; // prettier-ignore

function readLifecycle(domain: ElementReader): Lifecycle {
  const common = ['destroy', 'restart', 'preserve', 'rename-restart'] as const;
  const crash = [...common, 'coredump-destroy', 'coredump-restart'] as const;
  const action = (name: string, words: readonly LifecycleAction[]): Located<LifecycleAction> | null =>
    readWord(domain.child(name)?.filledText() ?? null, words, name, domain.reporter);
  return {
    onPoweroff: action('on_poweroff', common),
    onReboot: action('on_reboot', common),
    onCrash: action('on_crash', crash),
  };
}

function readCommandline(domain: ElementReader): readonly Located<string>[] {
  const lines = domain.children('commandline', bhyveNamespace);
  return lines.flatMap((line) =>
    line.children('arg', bhyveNamespace).flatMap((arg) => {
      const value = arg.attribute('value');
      if (value === null) arg.reporter.report('BV0310', arg.at, { element: 'bhyve:arg', part: 'value attribute' });
      return value === null ? [] : [value];
    }),
  );
}
