/** Graphics and video to fbuf (libvirt-compile reference, section 6.7). Reports: BV0560 to BV0568. */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { Graphics, Video } from '../../frontend/elements/display.ts';
import type { Fbuf, VncListen } from '../../ir/emulations/fbuf.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';
import { whereOffered } from './optional.ts';
import { placeOf } from './place.ts';
import { whoCannot } from './who.ts';
import { checkPath, checkSocket, checkText, checkWord, isNumericAddress } from './words.ts';

/** TCP ports that libvirt allows, and the smallest that there is. */
const libvirtPorts = { min: 5900, max: 65_535 };

/** Gives the frame buffer, and empty slots for the video devices that take no part in it. */
export function lowerDisplay(domain: CompleteDomain, context: Context): readonly Device[] {
  const { graphics } = domain.domain.devices;
  const shown = graphics[0];
  const { videos } = domain;
  if (shown !== undefined) reportMultiple(graphics, domain, context);
  return videos.flatMap(({ video, implied }, ordinal): readonly Device[] => {
    const origins: Origins = [video.at];
    const owner = `video ${String(ordinal)}`;
    const remembered = implied ? domain.recall.named('video') : domain.recall.of(video);
    const request = { owner, remembered, address: video.address, origins, libvirtPrintsFunction: true };
    const place = placeOf(request, context);
    if (shown === undefined || ordinal > 0) {
      if (shown === undefined) context.reporter.report('BV0560', video.at, {});
      return [{ kind: 'empty-slot', place, origins }];
    }
    const listen = listenOf(shown, domain, context);
    checkGraphics(shown, video, domain, context);
    takeDisplay(shown, video, context);
    if (listen === null) return [];
    return [
      {
        kind: 'fbuf',
        place,
        listen,
        password: passwordOf(writtenPassword(shown, domain, context), context),
        resolution: video.width === null || video.height === null ? null : { width: video.width, height: video.height },
        vga: whereOffered(video.vgaconf?.value ?? null, 'fbuf-vga', video.vgaconf?.at, context),
        wait: shown.wait?.value === true,
        origins: shown.at === video.at ? [shown.at] : [shown.at, video.at],
      },
    ];
  });
}

/** Marks what the frame buffer makes use of; a card of another kind is the one of bhyve, and told to be another. */
function takeDisplay(shown: Graphics, video: Video, { uses }: Context): void {
  const { model, primary, width, height, vgaconf } = video;
  for (const part of [shown.type, shown.wait, shown.password, primary, width, height, vgaconf]) uses.take(part);
  for (const part of shown.listen?.parts ?? []) uses.take(part);
  for (const part of shown.portParts) uses.take(part);
  if (model !== null && ['vga', 'gop', 'default'].includes(model.value)) uses.take(model);
}

function reportMultiple(graphics: readonly Graphics[], domain: CompleteDomain, { reporter }: Context): void {
  const second = graphics[1]?.at ?? domain.videos[1]?.video.at;
  if (second !== undefined) reporter.report('BV0561', second, {});
}

function checkGraphics(graphics: Graphics, video: Video, domain: CompleteDomain, context: Context): void {
  const { dialect, host, reporter } = context;
  const { type, at } = graphics;
  const uefi = bootsFirmware(domain) && (dialect.ours('capability-checks') || host.capabilities.has('bootrom'));
  if (!uefi) reporter.report('BV0562', at, {});
  if (type.value !== 'vnc') reporter.report('BV0563', type.at, { type: type.value });
  if (video.vgaconf?.value === 'on') reporter.report('BV0564', video.vgaconf.at, {});
  if (!dialect.ours('vnc-password') || video.width === null || video.height === null) return;
  const { width, height } = { width: video.width, height: video.height };
  if (width.value < 640 || height.value < 480 || width.value > 3840 || height.value > 2160) {
    const wrong = width.value < 640 || width.value > 3840 ? width : height;
    reporter.report('BV0569', wrong.at, { width: width.value, height: height.value });
  }
}

/** The password from outside the XML, if there is one for this guest; else that of the XML. */
function writtenPassword(
  { password, at }: Graphics,
  { domain }: CompleteDomain,
  { passwords }: Context,
): Located<string> | null {
  const given = passwords.get(domain.name.value);
  return given === undefined ? password : { value: given, at: password?.at ?? at };
}

function passwordOf(password: Located<string> | null, context: Context): Fbuf['password'] {
  if (password === null) return null;
  const { dialect, host, reporter } = context;
  const hidden = dialect.ours('vnc-password') && host.capabilities.has('config-file');
  if (!hidden && password.value.includes(',')) reporter.report('BV0565', password.at, {});
  if (dialect.ours('vnc-password')) {
    checkText(password, 'the VNC password', context);
    if (new TextEncoder().encode(password.value).length > 8) reporter.report('BV0566', password.at, {});
    if (password.value === '') {
      reporter.report('BV0310', password.at, { element: 'graphics', part: 'password in passwd' });
      return null;
    }
  }
  return { text: password, hidden };
}

function listenOf(graphics: Graphics, { recall }: CompleteDomain, context: Context): VncListen | null {
  const { dialect, reporter } = context;
  const { listen } = graphics;
  if (listen?.type === 'socket' && dialect.ours('vnc-unix')) {
    if (listen.socket === null) {
      reporter.report('BV0310', listen.at, { element: 'listen', part: 'socket path' });
      return null;
    }
    checkPath(listen.socket, 'the path of a unix socket', context);
    checkSocket(listen.socket, context);
    return { kind: 'unix', path: listen.socket };
  }
  if (listen?.type === 'socket' || listen?.type === 'none') {
    reporter.report('BV0567', listen.typeAt, { type: listen.type, who: whoCannot('vnc-unix', 'bhyve', context) });
    return null;
  }
  const address = listen?.address ?? null;
  if (address !== null) checkAddress(address, context);
  const { first, last } = context.host.vncPorts;
  const automatic = graphics.port.value === 'auto';
  const wanted = graphics.port.value === 'auto' ? null : graphics.port.value;
  const min = dialect.ours('vnc-port-range') ? 1 : libvirtPorts.min;
  if (wanted !== null && (wanted < min || wanted > libvirtPorts.max)) {
    reporter.report('BV0568', graphics.port.at, { port: wanted, min, max: libvirtPorts.max });
  }
  const { at } = graphics.port;
  const { key, held } = recall.of(graphics);
  const port = { kind: 'vnc-port', id: 'vnc-port', key, wanted, held: held['vnc-port'] ?? null } as const;
  const need = { ...port, owner: 'graphics', origins: [at], at } as const;
  const fallback = { value: dialect.ours('vnc-listen') ? '127.0.0.1' : '', at: graphics.at };
  return { kind: 'tcp', address: address ?? fallback, port: need, automatic, last: Math.max(first, last) };
}

/** bhyve takes numeric addresses only; a comma would end the piece. */
function checkAddress(address: Located<string>, context: Context): void {
  if (!context.dialect.ours('vnc-listen')) return;
  checkWord(address, 'a listen address', context);
  if (!isNumericAddress(address.value)) {
    context.reporter.report('BV0570', address.at, { address: address.value });
  }
}
