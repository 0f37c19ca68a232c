/**
 * grub-bhyve: its root, its device map and its console (libvirt-compile reference, section 11.3; grub-bhyve(8)). What
 * `<b:grub>` names is taken from there. Reports: BV0604, BV0810, BV0813 to BV0815, BV1854.
 */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { GrubElement } from '../../frontend/elements/metadata.ts';
import type { GrubConfig, Loader } from '../../ir/machine.ts';
import type { Value } from '../../ir/words.ts';
import type { CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootPath, usable } from './boot-disk.ts';
import { kernelParts, lowerKernel } from './kernel.ts';
import { whereOffered } from './optional.ts';
import { checkStraight } from './words.ts';

/** A serial port. */
export type Uart = Device & { readonly kind: 'uart' };
type GrubLoader = Loader & { readonly kind: 'grub' };

/** A disk by the name that grub has for it. */
interface MappedDisk {
  readonly device: string;
  readonly complete: CompleteDisk;
}

/** Lowers grub-bhyve at the path that `<bootloader>` names. */
export function lowerGrub(
  program: Located<string>,
  domain: CompleteDomain,
  serials: readonly Uart[],
  context: Context,
): GrubLoader {
  const parts = kernelParts(domain, context);
  const own = context.dialect.ours('own-elements') ? domain.domain.grub : null;
  if (own?.console != null) checkStraight(own.console, 'the path of a console', context);
  return {
    kind: 'grub',
    program: program.value,
    ...(parts === null ? ofDisks(domain, own, context) : ofKernel(lowerKernel(parts, domain, context))),
    console: own?.console == null ? firstSerial(serials, context) : namedConsole(own.console, context),
    origins: [program.at],
  };
}

type Medium = Pick<GrubLoader, 'root' | 'directory' | 'deviceMap' | 'deviceMapPath' | 'config'>;

/** A kernel of the host needs no disk. */
function ofKernel(config: GrubConfig): Medium {
  return { root: 'host', directory: null, deviceMap: [], deviceMapPath: '', config };
}

function ofDisks(domain: CompleteDomain, own: GrubElement | null, context: Context): Medium {
  const { dialect, host, reporter, uses } = context;
  const disks = domain.disks.filter((disk) => usable(disk, context));
  for (const { disk } of disks) uses.take(disk.bootOrder);
  const wanted = dialect.ours('grub-boot-dev') ? wantedKind(domain, disks, context) : null;
  const { root, mapped } = own?.root == null ? usualRoot(disks, wanted) : namedRoot(own.root, disks, context);
  const deviceMap = mapped.flatMap(({ device, complete }) => {
    const path = bootPath(complete, context);
    if (path !== null && /\s/.test(path.value) && dialect.ours('device-map-paths'))
      reporter.report('BV0814', path.at, {});
    return path === null ? [] : [{ device, path: path.value, origins: [complete.disk.at] satisfies Origins }];
  });
  if (deviceMap.length === 0 && dialect.ours('device-map-paths')) reporter.report('BV0810', domain.domain.at, {});
  return {
    root,
    directory: own?.directory == null ? null : uses.take(own.directory),
    deviceMap,
    deviceMapPath: dialect.ours('device-map-paths')
      ? `${host.stateDirectory}/${domain.domain.name.value}.device.map`
      : '<device.map>',
    config: null,
  };
}

/** The kind that `<boot dev>` names first; null where it names none of which there is a disk. */
function wantedKind(
  { domain }: CompleteDomain,
  disks: readonly CompleteDisk[],
  { reporter, uses }: Context,
): 'hd' | 'cdrom' | null {
  const has = (kind: string): boolean => disks.some((disk) => (isCdrom(disk) ? 'cdrom' : 'hd') === kind);
  const [first, ...others] = domain.os.bootDevs.filter(({ value }) => value !== 'network');
  if (first === undefined || disks.some(({ disk }) => disk.bootOrder !== null)) return null;
  if (!has(first.value)) {
    reporter.report('BV0813', first.at, { dev: first.value });
    return null;
  }
  // The others are in the device map, too.
  for (const dev of [first, ...others]) if (has(dev.value)) uses.take(dev);
  return first.value === 'cdrom' ? 'cdrom' : 'hd';
}

/** As libvirt does it: the first partition of the first disk, or a CD-ROM where there is one, unless the other kind is wanted. */
function usualRoot(
  disks: readonly CompleteDisk[],
  wanted: 'hd' | 'cdrom' | null,
): { readonly root: Value; readonly mapped: readonly MappedDisk[] } {
  const [best] = disks
    .filter(({ disk }) => disk.bootOrder !== null)
    .toSorted((a, b) => (a.disk.bootOrder?.value ?? 0) - (b.disk.bootOrder?.value ?? 0));
  const cd = disks.find(isCdrom);
  const hdd = disks.find((disk) => !isCdrom(disk));
  const mapped = best === undefined ? [hdd, cd].filter((disk) => disk !== undefined) : [best];
  const isCd = best === undefined ? (wanted === null ? cd !== undefined : wanted === 'cdrom') : isCdrom(best);
  return {
    root: isCd ? 'cd' : 'hd0,msdos1',
    mapped: mapped.map((complete) => ({ device: isCdrom(complete) ? 'cd' : 'hd0', complete })),
  };
}

/** A root that the user names may be on any disk: all of them are in the map. */
function namedRoot(
  root: Located<string>,
  disks: readonly CompleteDisk[],
  { reporter, uses }: Context,
): ReturnType<typeof usualRoot> {
  const [disk = '', ...partition] = root.value.split(',');
  const nameOf = (kind: 'hd' | 'cd', number: number): string =>
    kind === 'cd' && number === 0 && disk !== 'cd0' ? 'cd' : `${kind}${String(number)}`;
  const mapped = [
    ...disks.filter((one) => !isCdrom(one)).map((complete, i) => ({ device: nameOf('hd', i), complete })),
    ...disks.filter(isCdrom).map((complete, i) => ({ device: nameOf('cd', i), complete })),
  ];
  const names = mapped.map(({ device }) => device);
  // grub has further devices beside those of the map, such as host and lvm/GROUP-VOLUME.
  const [first] = names;
  if (first !== undefined && /^(?:hd|cd|fd)\d*$/.test(disk) && !names.includes(disk))
    reporter.report('BV1854', root.at, { disk, disks: names.join(', '), cure: [first, ...partition].join(',') });
  return { root: uses.take(root), mapped };
}

function isCdrom({ disk }: CompleteDisk): boolean {
  return disk.device.value === 'cdrom';
}

/** The terminal that grub is started on needs no option. */
function namedConsole(console: Located<string>, context: Context): Located<string> | null {
  context.uses.take(console);
  return console.value === 'stdio' ? null : whereOffered(console, 'grub-cons-dev', console.at, context);
}

/** grub-bhyve talks to the first serial port, if it can talk to one. */
function firstSerial(serials: readonly Uart[], { host, dialect, reporter }: Context): Uart | null {
  const first = serials[0];
  if (first === undefined || !host.capabilities.has('grub-cons-dev')) return null;
  if (first.backend.kind === 'nmdm') return first;
  if (!dialect.ours('device-map-paths')) reporter.report('BV0815', first.origins[0], {});
  return null;
}
