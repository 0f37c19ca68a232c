/**
 * How the guest boots: a boot ROM, or a loader that runs before bhyve (libvirt-compile reference, section 11).
 * Reports: BV0801 to BV0812.
 */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { Bootrom } from '../../ir/emulations/bootrom.ts';
import type { Device } from '../../ir/emulations/index.ts';
import { bhyveSyntax } from '../../ir/command-line/options.ts';
import { getopt } from '../../ir/command-line/getopt.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware, hasFirmwareOrder } from './firmware-order.ts';
import { lowerFwcfgItems } from './fwcfg.ts';
import { kernelParts } from './kernel.ts';
import { checkPath } from './words.ts';

/** The file that UEFI firmware is looked for first, and the template of its variables. */
const preferredFirmware = 'BHYVE_UEFI.fd';
const variablesTemplate = 'BHYVE_UEFI_VARS.fd';

interface Firmware {
  readonly path: Located<string>;
  readonly at: Origins;
  /** Chosen by us and not written in the XML. */
  readonly chosen: boolean;
}

/** Files of QEMU's firmware, as distributions name them. */
const firmwareOfQemu = /^(?:OVMF|AAVMF|QEMU_EFI|edk2-(?:x86_64|aarch64)|seabios|bios-256k|bios[.]bin)/i;

/** The boot ROM of a guest that has one; an empty list where a loader runs instead. */
export function lowerBootrom(domain: CompleteDomain, context: Context): readonly Device[] {
  checkVariableStore(domain, context);
  checkDirectBoot(domain, context);
  const { os } = domain.domain;
  const { dialect, host, reporter } = context;
  if (os.bootloader !== null && os.loader !== null && dialect.ours('loader-and-bootloader')) {
    const notes = [{ span: os.bootloader.at, text: 'the bootloader' }];
    reporter.report('BV0801', os.loader.at, {}, { notes });
    return [];
  }
  const firmware = firmwareOf(domain, context);
  const items = lowerFwcfgItems(domain, context);
  if (!bootsFirmware(domain) || firmware === null) return [];
  const arm = domain.arch === 'arm64';
  context.uses.take(os.firmware?.value === 'bios' ? null : os.firmware);
  context.uses.take(os.loader?.path);
  const file = os.loader?.path?.value.split('/').at(-1) ?? '';
  if (!arm && os.loader?.path && firmwareOfQemu.test(file)) reporter.report('BV1857', os.loader.path.at, { file });
  const glued = dialect.ours('firmware-glued-nvram') ? takeApart(firmware, domain, context) : null;
  if (glued === null && !firmware.chosen && os.loader?.path) checkPath(os.loader.path, 'the path of a loader', context);
  const rom: Bootrom = {
    kind: 'bootrom',
    path: glued?.path ?? firmware.path,
    vars: arm ? null : (glued?.vars ?? variableStore(domain, firmware, context)),
    qemuFwcfg:
      !arm &&
      (!dialect.ours('firmware-fwcfg') ||
        hasFirmwareOrder(domain, context) ||
        hasFwcfgItem(domain) ||
        items.length > 0),
    items,
    form: arm ? 'key' : 'lpc',
    topLevelKeys: host.capabilities.has('bootrom-keys'),
    origins: firmware.at,
  };
  return [rom];
}

/** bhyve boots neither a kernel by itself, which grub-bhyve can, nor any that somebody has signed. libvirt does not look. */
function checkDirectBoot(complete: CompleteDomain, context: Context): void {
  const { domain } = complete;
  const { dialect, reporter, uses } = context;
  const ofGrub: readonly Span[] = kernelParts(complete, context)?.at ?? [];
  const severity = dialect.ours('firmware-rom-nvram') ? 'error' : 'warning';
  const [first, ...further] = domain.os.direct.filter(({ at }) => !ofGrub.includes(at));
  const notes = further.map(({ at }) => ({ span: at, text: 'of this, too, nothing is read' }));
  if (first !== undefined) reporter.report('BV1801', first.at, { what: `<${first.name}>` }, { severity, notes });
  for (const { at } of further) uses.leaveOut(at);
  for (const { name, at } of domain.os.features) {
    reporter.report('BV1802', name.at, { feature: name.value }, { severity });
    uses.leaveOut(at);
  }
}

/** Whether the user's own words hold an item for the firmware: bhyve offers items as QEMU does, or not at all. */
function hasFwcfgItem({ domain }: CompleteDomain): boolean {
  return getopt(domain.commandline, bhyveSyntax).some((found) => found.kind === 'option' && found.letter === 'f');
}

/** Which firmware boots the guest: written, chosen for firmware='efi', or U-Boot for arm64. */
function firmwareOf(domain: CompleteDomain, context: Context): Firmware | null {
  const { os } = domain.domain;
  const { dialect, host, reporter } = context;
  const written: Firmware | null =
    os.loader?.path == null ? null : { path: os.loader.path, at: [os.loader.at], chosen: false };
  if (os.firmware?.value === 'efi') {
    if (os.bootloader !== null && dialect.ours('loader-and-bootloader')) {
      reporter.report('BV0801', os.firmware.at, {}, { notes: [{ span: os.bootloader.at, text: 'the bootloader' }] });
    }
    if (written !== null && dialect.ours('firmware-explicit-path')) return written;
    const chosen = chooseFirmware(domain, os.firmware, context);
    if (written !== null && chosen !== null && chosen.path.value !== written.path.value) {
      const dropped = { what: 'the path of <loader>', row: 'firmware-explicit-path' } as const;
      reporter.report('BV0590', written.path.at, dropped);
    }
    return chosen;
  }
  if (written !== null) return written;
  if (domain.arch !== 'arm64') return null;
  if (host.firmware.ubootExists) return { path: { value: host.firmware.uboot, at: os.at }, at: [os.at], chosen: true };
  reporter.report('BV0802', os.at, { path: host.firmware.uboot });
  return null;
}

function chooseFirmware(
  domain: CompleteDomain,
  firmware: Located<string>,
  { host, reporter }: Context,
): Firmware | null {
  const { loader } = domain.domain.os;
  const { directory } = host.firmware;
  const files = (host.firmware.files ?? [preferredFirmware, variablesTemplate]).filter((name) => !name.startsWith('.'));
  const name = files.includes(preferredFirmware) ? preferredFirmware : files[0];
  if (loader?.format != null && loader.format.value !== 'raw') {
    reporter.report('BV0803', loader.format.at, { format: loader.format.value });
  }
  if (name === undefined) {
    reporter.report('BV0804', firmware.at, { directory });
    return null;
  }
  return { path: { value: `${directory}/${name}`, at: firmware.at }, at: [firmware.at], chosen: true };
}

/** Some programs write `ROM,VARS` into the loader path, which bhyve then takes for two files. */
function takeApart(
  firmware: Firmware,
  domain: CompleteDomain,
  { reporter }: Context,
): Pick<Bootrom, 'path' | 'vars'> | null {
  const { loader, nvram } = domain.domain.os;
  const [path, store, further] = firmware.path.value.split(',');
  if (firmware.chosen || loader?.path == null || nvram !== null) return null;
  if (path === undefined || store === undefined || further !== undefined) return null;
  if (!path.startsWith('/') || !store.startsWith('/')) return null;
  reporter.report('BV0805', loader.path.at, { path, store });
  const { at } = loader.path;
  return { path: { value: path, at }, vars: { path: { value: store, at }, template: null } };
}

/** What a variable store cannot be, whether the guest has one or not. */
function checkVariableStore(complete: CompleteDomain, { dialect, reporter, uses }: Context): void {
  const { arch, domain } = complete;
  const { loader, nvram } = domain.os;
  if (nvram === null) return;
  const { sourceType, unsupported, at } = nvram;
  if (sourceType !== null && sourceType.value !== 'file') {
    reporter.report('BV0806', sourceType.at, { type: sourceType.value });
  }
  for (const part of unsupported) {
    reporter.report('BV0816', part.at, { part: part.name });
    uses.leaveOut(part.at);
  }
  // A loader program and the boot ROM of arm64 know no variables.
  if (arch === 'arm64' || !bootsFirmware(complete)) {
    reporter.report('BV0302', at, { element: 'nvram' });
    return;
  }
  if (loader?.stateless?.value !== true) return;
  if (dialect.ours('firmware-stateless-nvram')) reporter.report('BV0817', at, {});
  else if (nvram.path === null) reporter.report('BV0302', at, { element: 'nvram' });
}

/** The store of UEFI variables, and the template that it is made from. */
function variableStore(domain: CompleteDomain, firmware: Firmware, context: Context): Bootrom['vars'] {
  const { dialect, host, reporter, uses } = context;
  const { loader, nvram } = domain.domain.os;
  const readonlyFlash = loader?.type?.value === 'pflash' && loader.readonly?.value === true;
  const flash = firmware.chosen || readonlyFlash || dialect.ours('firmware-rom-nvram');
  const stateless = uses.take(loader?.stateless)?.value === true;
  // libvirt prints a path that is written, whatever else it says of the loader.
  if (stateless && (nvram?.path == null || dialect.ours('firmware-stateless-nvram'))) return null;
  const template = nvram?.template?.value ?? defaultTemplate(context);
  if (nvram?.path != null) {
    checkPath(nvram.path, 'the path of the variable store', context);
    if (nvram.template !== null) checkPath(nvram.template, 'the path of the template', context);
    for (const part of [nvram.at, nvram.path, nvram.template, nvram.sourceType]) uses.take(part);
    return { path: nvram.path, template };
  }
  if (nvram === null && !firmware.chosen) return null;
  // Before bhyve had variable stores, firmware was used without one.
  if (nvram === null && dialect.ours('firmware-fwcfg') && !host.capabilities.has('bootvars')) return null;
  if (!flash) {
    if (nvram !== null) reporter.report('BV0807', nvram.at, {});
    return null;
  }
  for (const part of [nvram?.at, nvram?.template, nvram?.sourceType]) uses.take(part);
  if (nvram?.template != null) checkPath(nvram.template, 'the path of the template', context);
  const suffix = template?.endsWith('.raw') === true ? 'raw' : 'fd';
  const path = `${host.nvramDirectory}/${domain.domain.name.value}_VARS.${suffix}`;
  return { path: { value: path, at: nvram?.at ?? firmware.at[0] }, template };
}

function defaultTemplate({ host }: Context): string | null {
  const { directory, files } = host.firmware;
  return files === null || files.includes(variablesTemplate) ? `${directory}/${variablesTemplate}` : null;
}
