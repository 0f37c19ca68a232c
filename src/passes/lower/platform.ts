/**
 * What the machine is beside its devices: identity, clock, ACPI and registers (bhyve(8), options `-A`, `-u`, `-U` and
 * `-w`). Reports: BV0591, BV1501.
 */
import type { Machine } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';

type Platform = Pick<Machine, 'uuid' | 'acpiOption' | 'acpi' | 'ignoreMsrs' | 'utc'>;

/** The platform; where bhyve does what is asked for without an option, the XML is honoured by saying nothing. */
export function lowerPlatform(complete: CompleteDomain, context: Context): Platform {
  const { domain } = complete;
  const { dialect, host, reporter, uses } = context;
  const { clock, acpi, msrs, type, os, devices } = domain;
  for (const part of [type, os.type, os.arch]) uses.take(part);
  checkEmulator(devices.emulator, context);
  const acpiWanted = acpi !== null || (dialect.ours('acpi-tables') && bootsFirmware(complete));
  const acpiOption = acpiWanted && host.capabilities.has('acpi-option');
  const hasAcpi = acpiOption || host.capabilities.has('acpi-default');
  if (hasAcpi) uses.take(acpi);
  if (clock.value === 'utc' || clock.value === 'localtime') uses.take(clock);
  else reporter.report('BV0591', clock.at, { offset: clock.value });
  if (msrs !== null && hasMsrs(complete, context)) uses.take(msrs);
  return {
    uuid: dialect.ours('guest-uuid') ? domain.uuid : null,
    acpiOption: acpiOption ? [acpi ?? os.at] : null,
    acpi: hasAcpi,
    ignoreMsrs: msrs?.value === 'ignore' && hasMsrs(complete, context) ? [msrs.at] : null,
    utc: clock.value === 'utc' && host.capabilities.has('rtc-utc') ? [clock.at] : null,
  };
}

/** Model-specific registers are a thing of x86. libvirt does not ask. */
function hasMsrs({ arch }: CompleteDomain, { dialect }: Context): boolean {
  return arch === 'amd64' || !dialect.ours('capability-checks');
}

/** bhyvec runs bhyve(8) of the base system, whatever program the XML names. */
function checkEmulator(emulator: CompleteDomain['domain']['devices']['emulator'], { reporter, uses }: Context): void {
  if (emulator === null) return;
  uses.take(emulator);
  if (!/^(?:\/usr\/sbin\/)?bhyve$/.test(emulator.value.trim()))
    reporter.report('BV1501', emulator.at, { program: emulator.value.trim() });
}
