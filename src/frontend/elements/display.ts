/** `<graphics>` and `<video>` (formatdomain, "Graphical framebuffers" and "Video devices"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

const graphicsTypes = ['vnc', 'sdl', 'rdp', 'desktop', 'spice', 'egl-headless', 'dbus'] as const;
const sharePolicies = ['allow-exclusive', 'force-shared', 'ignore'] as const;
const listenTypes = ['address', 'network', 'socket', 'none'] as const;
const videoModels = [
  'default', 'vga', 'cirrus', 'vmvga', 'xen', 'vbox', 'qxl', 'parallels', 'virtio', 'gop', 'none', 'bochs', 'ramfb',
] as const; // prettier-ignore

/** Where a graphics server listens. */
export interface Listen {
  readonly type: (typeof listenTypes)[number];
  readonly address: Located<string> | null;
  readonly socket: Located<string> | null;
  readonly at: Span;
  readonly typeAt: Span;
  /** The attributes that say so; one of a libvirt network says nothing here. */
  readonly parts: readonly Located<string>[];
}

/** One graphics server as written. */
export interface Graphics {
  readonly at: Span;
  readonly type: Located<(typeof graphicsTypes)[number]>;
  /** The TCP port, or `auto` where the host is to find a free one. */
  readonly port: Located<number | 'auto'>;
  /** The attributes that say so. */
  readonly portParts: readonly Span[];
  readonly password: Located<string> | null;
  readonly wait: Located<boolean> | null;
  readonly keymap: Located<string> | null;
  /** The first place to listen at; null where the XML names none. */
  readonly listen: Listen | null;
}

/** One video device as written. */
export interface Video {
  readonly at: Span;
  readonly model: Located<(typeof videoModels)[number]> | null;
  readonly primary: Located<boolean> | null;
  readonly width: Located<number> | null;
  readonly height: Located<number> | null;
  readonly vgaconf: Located<'io' | 'on' | 'off'> | null;
  readonly address: Address | null;
}

/** Reads a graphics server. */
export function readGraphics(element: ElementReader): Graphics | null {
  const { at, reporter } = element;
  const type = readWord(element.attribute('type'), graphicsTypes, 'the type of graphics', reporter);
  if (type === null) {
    if (element.attribute('type') === null)
      reporter.report('BV0310', at, { element: 'graphics', part: 'type attribute' });
    return null;
  }
  readWord(element.look('sharePolicy'), sharePolicies, 'sharePolicy', reporter);
  if (type.value !== 'vnc') element.takeAll();
  return {
    at,
    type,
    ...readPort(element),
    password: element.attribute('passwd'),
    wait: readYesNo(element.attribute('wait'), 'wait', reporter),
    keymap: element.attribute('keymap'),
    listen: readListen(element),
  };
}

/** `port='-1'` or no port ask for any; autoport='yes' overrides a port, autoport='no' without a port leaves 0. */
function readPort(element: ElementReader): Pick<Graphics, 'port' | 'portParts'> {
  const port = readNumber(element.attribute('port'), 'the port of graphics', element.reporter, {
    min: -2_147_483_648,
    max: 2_147_483_647,
  });
  const auto = readYesNo(element.attribute('autoport'), 'autoport', element.reporter);
  const both = [port, auto].flatMap((part) => (part === null ? [] : [part.at]));
  if (auto?.value === true) {
    if (port !== null && port.value !== -1) element.reporter.report('BV1513', port.at, { port: port.value });
    return { port: { value: 'auto', at: auto.at }, portParts: both };
  }
  if (port !== null && port.value !== -1) return { port, portParts: both };
  if (auto !== null) return { port: port ?? { value: 0, at: auto.at }, portParts: both };
  return { port: { value: 'auto', at: port?.at ?? element.at }, portParts: both };
}

function readListen(element: ElementReader): Listen | null {
  const { reporter } = element;
  const attribute = element.attribute('listen');
  const socket = element.attribute('socket');
  const listen = element.child('listen');
  if (listen === null) {
    if (socket !== null)
      return { type: 'socket', address: null, socket, at: socket.at, typeAt: socket.at, parts: [socket] };
    if (attribute === null) return null;
    return {
      type: 'address',
      address: attribute,
      socket: null,
      at: attribute.at,
      typeAt: attribute.at,
      parts: [attribute],
    };
  }
  const written = listen.attribute('type');
  if (written === null) reporter.report('BV0310', listen.at, { element: 'listen', part: 'type attribute' });
  const type = readWord(written, listenTypes, 'the type of a listen element', reporter)?.value ?? 'address';
  if (type === 'network') listen.attribute('network');
  const found = listen.attribute('address');
  const address = found === null || found.value === '' ? null : found;
  if (attribute !== null && address !== null && attribute.value !== address.value) {
    reporter.report(
      'BV0314',
      attribute.at,
      { problem: `listen='${attribute.value}' differs from the address of <listen>`, remedy: 'remove one of the two' },
      { notes: [{ span: address.at, text: `<listen> says '${address.value}'` }] },
    );
  }
  const path = listen.attribute('socket');
  const used = type === 'network' ? [attribute] : type === 'socket' ? [written, path] : [written, attribute, found];
  const parts = used.filter((part) => part !== null);
  return { type, address: address ?? attribute, socket: path, at: listen.at, typeAt: written?.at ?? listen.at, parts };
}

/** Reads a video device. */
export function readVideo(element: ElementReader): Video | null {
  const { at, reporter } = element;
  const model = element.child('model');
  const resolution = model?.child('resolution') ?? null;
  const pixels = (name: string): Located<number> | null =>
    resolution === null
      ? null
      : readNumber(resolution.attribute(name), `${name} of the resolution`, reporter, { min: 1 });
  model?.attribute('heads');
  const width = pixels('x');
  const height = pixels('y');
  if (resolution !== null && (width === null) !== (height === null)) {
    reporter.report('BV0310', resolution.at, {
      element: 'resolution',
      part: width === null ? 'x attribute' : 'y attribute',
    });
  }
  return {
    at,
    model: readWord(model?.attribute('type') ?? null, videoModels, 'the model of a video device', reporter),
    primary: readYesNo(model?.attribute('primary') ?? null, 'primary', reporter),
    width: height === null ? null : width,
    height: width === null ? null : height,
    vgaconf: readWord(
      element.child('driver')?.attribute('vgaconf') ?? null,
      ['io', 'on', 'off'] as const,
      'vgaconf',
      reporter,
    ),
    address: readAddress(element),
  };
}
