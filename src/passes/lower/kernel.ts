/**
 * `<kernel>`, `<initrd>` and `<cmdline>` of a guest that grub-bhyve loads: a grub.cfg that names files of the host, which grub-bhyve
 * has as the device `host` (grub-bhyve(8); GRUB manual, "Shell-like scripting", "linux"). Reports: BV0502 to BV0504, BV1590, BV1880, BV1881.
 */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { DirectBoot } from '../../frontend/elements/os.ts';
import type { GrubConfig } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { checkAbsolute, checkControl } from './words.ts';

/** Parts of a boot without firmware that grub can be told. */
interface KernelParts {
  readonly kernel: Located<string>;
  readonly initrd: Located<string> | null;
  readonly cmdline: Located<string> | null;
  /** Their elements. */
  readonly at: Origins;
}

/** What grub-bhyve is to boot from the host; null where the guest has no kernel of its own, or another loader. */
export function kernelParts({ domain, arch }: CompleteDomain, { dialect }: Context): KernelParts | null {
  const { direct, bootloader, bootloaderArgs, loader, firmware } = domain.os;
  const isGrub = bootloader?.value.includes('grub-bhyve') === true && bootloaderArgs === null;
  if (!dialect.ours('own-elements') || !isGrub || loader !== null || firmware?.value === 'efi' || arch === 'arm64')
    return null;
  const named = (name: DirectBoot['name']): DirectBoot | null => direct.find((part) => part.name === name) ?? null;
  const [kernel, initrd, cmdline] = [named('kernel'), named('initrd'), named('cmdline')];
  if (kernel?.text == null) return null;
  return {
    kernel: kernel.text,
    initrd: initrd?.text ?? null,
    cmdline: cmdline?.text ?? null,
    at: [kernel.at, ...[initrd, cmdline].flatMap((part) => part?.at ?? [])],
  };
}

/** Lowers them to the grub.cfg that the launcher makes. */
export function lowerKernel(parts: KernelParts, domain: CompleteDomain, context: Context): GrubConfig {
  const { host, reporter, uses } = context;
  const { kernel, initrd, cmdline, at } = parts;
  for (const part of [kernel, initrd, cmdline]) uses.take(part);
  // Of disks, none boots.
  for (const dev of domain.domain.os.bootDevs) uses.take(dev);
  for (const { disk } of domain.disks) uses.take(disk.bootOrder);
  checkAbsolute(kernel, 'the path of a kernel', context);
  if (initrd !== null) checkAbsolute(initrd, 'the path of an initrd', context);
  const words = cmdline?.value.split(/[ \t\r\n]+/).filter((word) => word !== '') ?? [];
  if (cmdline !== null) checkControl({ ...cmdline, value: words.join(' ') }, 'a command line of a kernel', context);
  // GRUB puts a backslash before each, and the kernel reads it.
  const [changed] = /["'\\]/.exec(cmdline?.value ?? '') ?? [];
  if (cmdline !== null && changed !== undefined) reporter.report('BV1880', cmdline.at, { character: changed });
  else reporter.report('BV1881', kernel.at, {});
  const text = [
    ['linux', ...[ofHost(kernel.value), ...words].map(quoted)],
    ...(initrd === null ? [] : [['initrd', quoted(ofHost(initrd.value))]]),
    ['boot'],
  ];
  return {
    name: `${domain.domain.name.value}.grub.cfg`,
    directory: host.stateDirectory,
    text: text.map((line) => `${line.join(' ')}\n`).join(''),
    files: [
      { path: kernel, purpose: 'kernel' },
      ...(initrd === null ? [] : [{ path: initrd, purpose: 'initrd' } as const]),
    ],
    origins: at,
  };
}

/** A file by the name that grub has for it. */
function ofHost(path: string): string {
  return `(host)${path}`;
}

/** A word of GRUB's script, which knows the quotes of sh: nothing in single ones has a meaning. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_.,:/=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
