/**
 * The loader that runs before bhyve: bhyveload, grub-bhyve or a program of the user's (libvirt-compile reference,
 * sections 11.2 and 11.4; bhyveload(8)). Reports: BV0808 to BV0813, BV1590.
 */
import type { Note } from '../../diagnostics/reporter.ts';
import { loaderOf } from '../../ir/command-line/loaders.ts';
import type { Loader } from '../../ir/machine.ts';
import type { CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootPath, usable } from './boot-disk.ts';
import { bootsFirmware } from './firmware-order.ts';
import { lowerGrub, type Uart } from './grub.ts';
import { splitArguments } from './loader-words.ts';
import { checkStraight } from './words.ts';

/** The loader of a guest; `none` where a boot ROM does its work. */
export function lowerLoader(domain: CompleteDomain, serials: readonly Uart[], context: Context): Loader {
  const { os } = domain.domain;
  const { dialect, reporter } = context;
  if (bootsFirmware(domain)) return { kind: 'none' };
  // Under libvirt a loader beside a bootloader switches both off.
  if (os.loader !== null || os.firmware?.value === 'efi' || domain.arch === 'arm64') {
    if (domain.arch === 'arm64' && dialect.ours('loader-and-bootloader'))
      reporter.report('BV0808', os.bootloader?.at ?? os.at, {});
    return { kind: 'none' };
  }
  const { bootloader, bootloaderArgs } = os;
  if (bootloader === null) return lowerBhyveload(domain, context);
  checkStraight(bootloader, 'the path of a boot loader', context);
  // What keeps it from loading has a finding of its own.
  context.uses.take(bootloader);
  const isBhyveload = loaderOf(bootloader.value)?.name === 'bhyveload' && dialect.ours('loader-bhyveload-by-path');
  if (isBhyveload && bootloaderArgs === null) return lowerBhyveload(domain, context);
  const isGrub = bootloader.value.includes('grub-bhyve');
  if (isGrub && bootloaderArgs === null) return lowerGrub(bootloader, domain, serials, context);
  if (bootloaderArgs === null) {
    reporter.report('BV0809', bootloader.at, { program: bootloader.value });
    return { kind: 'none' };
  }
  return {
    kind: 'custom',
    program: bootloader.value,
    words: splitArguments(bootloaderArgs, context).map(({ value }) => value),
    origins: [bootloader.at, bootloaderArgs.at],
  };
}

/** Where the base system has bhyveload: the path says no more than the name. */
const bhyveloadPath = '/usr/sbin/bhyveload';

function lowerBhyveload(domain: CompleteDomain, context: Context): Loader {
  const { os, commandline, at } = domain.domain;
  const { bootloader } = os;
  const program = bootloader === null || bootloader.value === bhyveloadPath ? 'bhyveload' : bootloader.value;
  const written = bootloader === null ? [] : [bootloader.at];
  const inRawWords = domain.disks.length === 0 && commandline.length > 0;
  if (inRawWords && os.bootloaderArgs === null && context.dialect.ours('boot-disk-in-raw-words')) {
    context.reporter.report('BV0818', at, {});
    return { kind: 'bhyveload', program, disk: null, origins: [at, ...written] };
  }
  const disk = chooseBootDisk(domain, context);
  if (os.bootloaderArgs !== null) {
    const words = splitArguments(os.bootloaderArgs, context).map(({ value }) => value);
    return { kind: 'custom', program: 'bhyveload', words, origins: [os.bootloaderArgs.at] };
  }
  if (disk === null) return { kind: 'none' };
  const path = bootPath(disk, context);
  if (path === null) return { kind: 'none' };
  return { kind: 'bhyveload', program, disk: path, origins: [disk.disk.at, ...written] };
}

function chooseBootDisk(domain: CompleteDomain, context: Context): CompleteDisk | null {
  const { reporter, dialect } = context;
  const { os } = domain.domain;
  if (domain.disks.length === 0) {
    reporter.report('BV0810', domain.domain.at, {});
    return null;
  }
  const disks = domain.disks.filter((disk) => usable(disk, context));
  const [boot, second] = domain.bootDevs;
  if (second !== undefined) reporter.report('BV0811', second.at, {});
  if (boot !== undefined) {
    if (boot.value !== 'hd' && boot.value !== 'cdrom') {
      reporter.report('BV0812', boot.at, { dev: boot.value });
      return null;
    }
    const device = boot.value === 'hd' ? 'disk' : 'cdrom';
    const found = disks.find(({ disk }) => disk.device.value === device);
    if (found !== undefined) context.uses.take(boot);
    // A disk that is refused for another reason has its own finding.
    const refused = domain.disks.some(({ disk }) => disk.device.value === device);
    if (found === undefined && !(refused && dialect.ours('empty-cdrom')))
      reporter.report(
        'BV0813',
        boot.at,
        { dev: boot.value },
        { notes: domain.disks.filter(({ disk }) => disk.device.value !== device).map(noteOf) },
      );
    return found ?? null;
  }
  const ordered = disks.filter(({ disk }) => disk.bootOrder !== null);
  const other = ordered[1];
  if (other !== undefined && !dialect.ours('disk-bootindex-everywhere'))
    reporter.report('BV0811', other.disk.bootOrder?.at ?? other.disk.at, {});
  const first = ordered.toSorted((a, b) => (a.disk.bootOrder?.value ?? 0) - (b.disk.bootOrder?.value ?? 0))[0];
  const fallback = dialect.ours('loader-last-disk') ? disks[0] : disks.at(-1);
  const chosen = first ?? fallback;
  for (const { disk } of ordered) context.uses.take(disk.bootOrder);
  if (chosen === undefined && !dialect.ours('empty-cdrom')) reporter.report('BV0813', os.at, { dev: 'hd' });
  return chosen ?? null;
}

function noteOf({ disk }: CompleteDisk): Note {
  return { span: disk.device.at, text: `of kind ${disk.device.value}` };
}
