/**
 * Domain to CompleteDomain. Needs: a domain as read. Gives: every disk has its bus and controller, every serial port its
 * number, every channel its port; the controllers that exist are known. Reports: BV04.
 * Drive units and channel ports are allocated here and not with the other resources: which controllers exist, and so
 * which devices need a PCI slot, follows from them.
 */
import type { Origins } from '../../diagnostics/source.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Video } from '../../frontend/elements/display.ts';
import type { Arch } from '../../host/profile.ts';
import type { Context } from '../context.ts';
import { completeBootDevs } from './boot-order.ts';
import { completeChannels } from './channels.ts';
import type { CompleteDomain, CompleteVideo } from './complete-domain.ts';
import { implyDriverControllers, implyGenericControllers, listControllers } from './controllers.ts';
import { completeDisks } from './disks.ts';
import { derivedUuid } from '../../ir/names.ts';
import { guestKey } from '../../ir/hardware.ts';
import { recallDevices } from './recall.ts';
import { completeSerials } from './serials.ts';

const archNames: Readonly<Record<string, Arch>> = { x86_64: 'amd64', amd64: 'amd64', aarch64: 'arm64', arm64: 'arm64' };

/** Completes a domain as libvirt does before it looks at devices. */
export function completeDomain(domain: Domain, context: Context): CompleteDomain {
  const arch = completeArch(domain, context);
  completeOsType(domain, context);
  const list = listControllers(domain, context);
  implyDriverControllers(list, domain, isaReason(domain, arch, context));
  const recall = recallDevices(domain, context.hardware);
  const disks = completeDisks(domain.devices.disks, recall, context);
  implyGenericControllers(list, disks, domain, context);
  const channels = completeChannels(domain, list, recall, context);
  return {
    domain,
    recall,
    arch,
    uuid: domain.uuid?.value ?? context.hardware.get(guestKey)?.uuid ?? derivedUuid(domain.name.value),
    disks,
    controllers: list.controllers,
    serials: completeSerials(domain, recall, context),
    channels,
    videos: completeVideos(domain, context),
    bootDevs: completeBootDevs(domain, context),
  };
}

function completeArch(domain: Domain, { host, reporter }: Context): Arch {
  const { arch } = domain.os;
  if (arch === null) return host.arch;
  if (archNames[arch.value] !== host.arch) {
    reporter.report('BV0417', arch.at, { arch: arch.value, host: host.name, hostArch: host.arch });
  }
  return host.arch;
}

function completeOsType(domain: Domain, { dialect, reporter }: Context): void {
  const { type, at } = domain.os;
  if (type === null) {
    if (!dialect.ours('os-type')) reporter.report('BV0310', at, { element: 'os', part: 'type' });
  } else if (type.value !== 'hvm') reporter.report('BV0418', type.at, { type: type.value });
}

/** What makes an LPC bridge necessary; null where nothing does. An arm64 guest has none. */
function isaReason(domain: Domain, arch: Arch, { dialect }: Context): Origins | null {
  if (arch === 'arm64') return null;
  const { os, devices } = domain;
  const { graphics, videos, tpms } = devices;
  const tpm = dialect.ours('tpm') ? tpms[0] : undefined;
  const reasons = [
    os.bootloader === null ? os.loader?.at : undefined,
    os.firmware?.value === 'efi' ? os.firmware.at : undefined,
    devices.serials[0]?.at,
    devices.consoles[0]?.at,
    videos.length > 0 ? graphics[0]?.at : undefined,
    tpm?.at,
  ];
  const reason = reasons.find((at) => at !== undefined);
  return reason === undefined ? null : [reason];
}

/** The primary video device comes first; graphics without one imply one. Reports: BV0419. */
function completeVideos(domain: Domain, { reporter }: Context): readonly CompleteVideo[] {
  const { videos, graphics } = domain.devices;
  const primary = videos.filter((video) => video.primary?.value === true);
  const second = primary[1];
  if (second !== undefined) reporter.report('BV0419', second.primary?.at ?? second.at, {});
  const ordered = [...primary, ...videos.filter((video) => !primary.includes(video))];
  if (ordered.length > 0) return ordered.map((video) => ({ video, implied: false }));
  const first = graphics[0];
  return first === undefined ? [] : [{ video: impliedVideo(first.at), implied: true }];
}

function impliedVideo(at: Video['at']): Video {
  return { at, model: null, primary: null, width: null, height: null, vgaconf: null, address: null };
}
