/** `<filesystem>`: directories of the host that the guest can mount (formatdomain, "Filesystems"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

/** A directory of the host that the guest can mount. */
export interface Filesystem {
  readonly at: Span;
  readonly type: Located<string>;
  readonly accessmode: Located<string>;
  readonly driver: Located<string> | null;
  readonly source: Located<string>;
  readonly target: Located<string>;
  readonly readonly: Span | null;
  readonly address: Address | null;
}

/** Reads a file system. */
export function readFilesystem(element: ElementReader): Filesystem | null {
  const { at, reporter } = element;
  const types = ['mount', 'block', 'file', 'template', 'ram', 'bind', 'volume'] as const;
  const modes = ['passthrough', 'mapped', 'squash'] as const;
  const drivers = ['path', 'handle', 'loop', 'nbd', 'ploop', 'virtiofs', 'mtp'] as const;
  const type = readWord(element.attribute('type'), types, 'the type of a filesystem', reporter);
  const accessmode = readWord(element.attribute('accessmode'), modes, 'accessmode', reporter);
  const driver = element.child('driver');
  const source = element.child('source');
  const target = element.child('target')?.attribute('dir') ?? null;
  const names = ['dir', 'name', 'dev', 'file', 'usage', 'volume'];
  const place = names.reduce<Located<string> | null>((found, name) => found ?? source?.attribute(name) ?? null, null);
  const rest = { readonly: element.child('readonly')?.at ?? null, address: readAddress(element) };
  if (place === null || target === null) {
    reporter.report('BV0310', at, { element: 'filesystem', part: place === null ? 'source dir' : 'target dir' });
    return null;
  }
  return {
    at,
    type: type ?? { value: 'mount', at },
    accessmode: accessmode ?? { value: 'passthrough', at },
    driver:
      driver === null ? null : readWord(driver.attribute('type'), drivers, 'the driver of a filesystem', reporter),
    source: place,
    target,
    ...rest,
  };
}
