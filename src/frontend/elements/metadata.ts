/**
 * `<metadata>` (formatdomain, "General metadata"): libosinfo's element, and our own, which say what libvirt has no word
 * for. The rest is data of other programs.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { childElements } from '../xml/tree.ts';
import { readCloudInit, type CloudInit } from './cloud-init.ts';

/** Namespace of our own elements. */
export const ownNamespace = 'https://bhyvec.org/xmlns/domain/1.0';
/** Where virt-install writes what runs in a guest. */
const osinfoNamespace = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

/** Words of grub-bhyve(8) that are to be other ones; null where ours are right. */
export interface GrubElement {
  readonly at: Span;
  readonly root: Located<string> | null;
  readonly directory: Located<string> | null;
  /** `stdio`, or the path of a device. */
  readonly console: Located<string> | null;
}

/** A node of netgraph(4) for an interface of type ethernet, which it is tied to by the name of its target. */
export interface NetgraphElement {
  readonly at: Span;
  readonly dev: Located<string>;
  readonly path: Located<string>;
  readonly peerhook: Located<string>;
  readonly hook: Located<string> | null;
  readonly socket: Located<string> | null;
}

/** What bhyvec reads of the metadata. */
export interface Metadata {
  /** The id of the operating system, from libosinfo's element. */
  readonly osinfo: Located<string> | null;
  /** Guests that must start before this one. */
  readonly startAfter: readonly Located<string>[];
  readonly grub: GrubElement | null;
  readonly netgraphs: readonly NetgraphElement[];
  readonly hostbridge: Located<'hostbridge' | 'amd_hostbridge'> | null;
  readonly cloudInit: CloudInit | null;
}

/** Reads it. */
export function readMetadata(domain: ElementReader): Metadata {
  const metadata = domain.child('metadata');
  const nothing = { osinfo: null, startAfter: [], grub: null, netgraphs: [], hostbridge: null, cloudInit: null };
  if (metadata === null) return nothing;
  const { reporter } = domain;
  const children = childElements(metadata.element);
  for (const { name, nameSpan } of children) {
    if (name.namespace === ownNamespace) continue;
    if (/bhyvec/i.test(name.namespace)) reporter.report('BV1307', nameSpan, { uri: name.namespace, own: ownNamespace });
  }
  metadata.takeForeign(ownNamespace);
  const [, second] = children.filter(({ name }) => name.namespace === ownNamespace);
  if (second !== undefined) reporter.report('BV1308', second.nameSpan, {});
  const [os] = metadata.children('libosinfo', osinfoNamespace).flatMap((info) => info.children('os', osinfoNamespace));
  const holders = [metadata, ...metadata.children('guest', ownNamespace)];
  const own = (name: string): readonly ElementReader[] =>
    holders.flatMap((holder) => holder.children(name, ownNamespace));
  const [bridge] = own('hostbridge');
  const [grub] = own('grub');
  const [seed] = own('cloud-init');
  return {
    osinfo: os?.attribute('id') ?? null,
    startAfter: own('start').flatMap((start) => start.children('after', ownNamespace).flatMap(readAfter)),
    grub: grub === undefined ? null : readGrub(grub),
    netgraphs: own('netgraph').flatMap(readNetgraph),
    hostbridge: bridge === undefined ? null : readHostbridge(bridge),
    cloudInit: seed === undefined ? null : readCloudInit(seed, ownNamespace),
  };
}

function readAfter(after: ElementReader): readonly Located<string>[] {
  const guest = after.attribute('guest');
  if (guest === null) after.reporter.report('BV0310', after.at, { element: 'after', part: 'guest attribute' });
  return guest === null ? [] : [guest];
}

function readGrub(grub: ElementReader): GrubElement {
  const { at } = grub;
  return {
    at,
    root: grub.attribute('root'),
    directory: grub.attribute('directory'),
    console: grub.attribute('console'),
  };
}

function readNetgraph(element: ElementReader): readonly NetgraphElement[] {
  const { at, reporter } = element;
  const needed = (name: string): Located<string> | null => {
    const value = element.attribute(name);
    if (value === null) reporter.report('BV0310', at, { element: 'netgraph', part: `${name} attribute` });
    return value;
  };
  const [dev, path, peerhook] = [needed('dev'), needed('path'), needed('peerhook')];
  const rest = { hook: element.attribute('hook'), socket: element.attribute('socket') };
  return dev === null || path === null || peerhook === null ? [] : [{ at, dev, path, peerhook, ...rest }];
}

function readHostbridge(bridge: ElementReader): Metadata['hostbridge'] {
  const model = bridge.attribute('model');
  if (model === null) bridge.reporter.report('BV0310', bridge.at, { element: 'hostbridge', part: 'model attribute' });
  return readWord(model, ['hostbridge', 'amd_hostbridge'] as const, 'a host bridge', bridge.reporter);
}
