/** `<hostdev>` to passthru (libvirt-compile reference, section 6.14). */
import type { Origins } from '../../diagnostics/source.ts';
import type { Hostdev } from '../../frontend/elements/hostdev.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';
import { checkPath } from './words.ts';

/** PCI devices of the host to passthru. Reports: BV0580 to BV0583, BV0315, BV1580. */
export function lowerHostdevs(domain: CompleteDomain, context: Context): readonly Device[] {
  const { hostdevs } = domain.domain.devices;
  return hostdevs.flatMap((hostdev, ordinal) => lowerHostdev(hostdev, `hostdev ${String(ordinal)}`, domain, context));
}

function lowerHostdev(hostdev: Hostdev, owner: string, domain: CompleteDomain, context: Context): readonly Device[] {
  const { dialect, reporter } = context;
  const { type, source, rom, managed, address, at } = hostdev;
  if (domain.domain.wired === null) {
    if (!dialect.ours('passthrough-wired')) reporter.report('BV0580', at, {});
    else if (source !== null) reporter.report('BV0581', at, {});
  }
  const ourManaged = managed?.value === true && dialect.ours('passthrough-managed');
  if (managed?.value === true && !ourManaged) reporter.report('BV0315', managed.at, {});
  if (ourManaged && !context.host.privileged) {
    const cure = "bind it to ppt as root and write managed='no'";
    reporter.report('BV1580', managed.at, { what: 'a driver changed', cure });
  }
  if (source === null) {
    reporter.report('BV0582', type.at, { type: type.value });
    context.uses.leaveOut(at);
    return [];
  }
  if (source.domain !== 0) {
    const severity = dialect.ours('pci-bus') ? 'error' : 'warning';
    reporter.report('BV0583', source.places.domain, { domain: source.domain }, { severity });
  }
  const isAri = source.function > 7;
  if (isAri && (source.slot !== 0 || !dialect.ours('passthrough-ari')))
    reporter.report('BV0304', source.places.function, {
      value: String(source.function),
      what: 'PCI function',
      min: 0,
      max: 7,
    });
  if (rom !== null) checkPath(rom, 'the path of an option ROM', context);
  const origins: Origins = [at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(hostdev), address, origins, libvirtPrintsFunction: true },
    context,
  );
  const host = { bus: source.bus, slot: source.slot, function: source.function, at: source.at };
  const romPath = dialect.ours('passthrough-rom') ? rom : null;
  context.uses.takeWhole(at);
  context.uses.takeWhole(source);
  if (dialect.ours('passthrough-rom')) context.uses.take(rom);
  return [{ kind: 'passthru', place, host, managed: ourManaged, rom: romPath, origins }];
}
