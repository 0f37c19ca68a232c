/** XmlElement to Pool or Volume. Needs: a tree without syntax errors. Gives: typed values. Reports: BV03, BV13. */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Located } from '../../diagnostics/source.ts';
import { need, needText } from '../need.ts';
import type { ReadOptions } from '../reading.ts';
import { readResource } from '../resource.ts';
import { readBytes, readNumber, readUuid, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import { otherPoolTypes, poolTypes, type Permissions, type Pool, type Volume } from './storage.ts';

/** Namespace of our own elements of a volume. */
export const volumeNamespace = 'https://bhyvec.org/xmlns/volume/1.0';

/** Reads a pool; null where it has no usable name. Other mistakes are in the report. */
export function readPool(root: XmlElement, options: ReadOptions, reporter: Reporter): Pool | null {
  return readResource(root, options, reporter, readPoolParts);
}

/** Reads a volume; null where it has no usable name. Other mistakes are in the report. */
export function readVolume(root: XmlElement, options: ReadOptions, reporter: Reporter): Volume | null {
  return readResource(root, options, reporter, readVolumeParts);
}

function readPoolParts(pool: ElementReader): Pool | null {
  const { at, reporter } = pool;
  const written = need(pool, 'type');
  const type = readWord(written, [...poolTypes, ...otherPoolTypes], 'the type of a pool', reporter);
  const source = pool.child('source');
  const parts = {
    at,
    type,
    uuid: readUuid(pool.child('uuid')?.filledText() ?? null, reporter),
    capacity: readSize(pool, 'capacity'),
    source: source === null ? null : { at: source.at, name: textIn(source, 'name') },
    path: textIn(pool.child('target'), 'path'),
  };
  const name = needText(pool, 'name');
  // Nothing of it can be had: that is told once, where the pool is lowered.
  if (type !== null && !poolTypes.some((one) => one === type.value)) pool.takeAll();
  return name === null ? null : { ...parts, name };
}

function readVolumeParts(volume: ElementReader): Volume | null {
  const { at, reporter } = volume;
  const target = volume.child('target');
  const format = target?.child('format') ?? null;
  const [pool = null] = volume.children('pool', volumeNamespace);
  const [block = null] = volume.children('volblocksize', volumeNamespace);
  reportNamespaces(volume);
  const parts = {
    at,
    capacity: readSize(volume, 'capacity'),
    allocation: readSize(volume, 'allocation'),
    path: textIn(target, 'path'),
    format: format?.attribute('type') ?? null,
    permissions: readPermissions(target?.child('permissions') ?? null),
    pool: pool === null ? null : need(pool, 'name'),
    blockSize: block === null ? null : readSizeOf(block),
  };
  const name = needText(volume, 'name');
  if (volume.child('capacity') === null) {
    reporter.report('BV0310', at, { element: 'volume', part: 'capacity' });
    return null;
  }
  return name === null ? null : { ...parts, name };
}

/** A namespace that is nearly ours. */
function reportNamespaces({ element, reporter }: ElementReader): void {
  for (const { name, nameSpan } of childElements(element)) {
    if (name.namespace === volumeNamespace || !/bhyvec/i.test(name.namespace)) continue;
    reporter.report('BV1307', nameSpan, { uri: name.namespace, own: volumeNamespace });
  }
}

function textIn(element: ElementReader | null, name: string): Located<string> | null {
  const text = element?.child(name)?.filledText() ?? null;
  return text === null || text.value.trim() === '' ? null : { value: text.value.trim(), at: text.at };
}

function readSize(element: ElementReader, name: string): Located<bigint> | null {
  const size = element.child(name);
  return size === null ? null : readSizeOf(size);
}

function readSizeOf(size: ElementReader): Located<bigint> | null {
  return readBytes(size.text(), size.attribute('unit'), `<${size.name}>`, size.reporter);
}

function readPermissions(permissions: ElementReader | null): Permissions | null {
  if (permissions === null) return null;
  const { at, reporter } = permissions;
  const mode = textIn(permissions, 'mode');
  const isOctal = mode !== null && /^[0-7]{3,4}$/.test(mode.value);
  if (mode !== null && !isOctal)
    reporter.report('BV0303', mode.at, {
      value: mode.value,
      what: 'the mode of a file',
      accepted: 'octal, as in 0600',
    });
  return {
    at,
    mode: isOctal ? { value: Number.parseInt(mode.value, 8), at: mode.at } : null,
    owner: readId(permissions, 'owner'),
    group: readId(permissions, 'group'),
  };
}

/** The number of a user or group; -1 is that of whoever makes the file. */
function readId(permissions: ElementReader, name: string): Located<number> | null {
  const written = textIn(permissions, name);
  return written?.value === '-1' ? null : readNumber(written, `the ${name} of a file`, permissions.reporter);
}
