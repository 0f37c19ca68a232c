/** `<os>`, `<bootloader>` and `<bootloader_args>` (formatdomain, "Operating system booting"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord, readYesNo } from '../values.ts';
import { sourceTypes } from './disk.ts';
import type { ElementReader } from '../xml/reader.ts';

/** A boot ROM. */
export interface LoaderElement {
  readonly at: Span;
  /** Null where firmware is to be chosen by the host. */
  readonly path: Located<string> | null;
  readonly type: Located<'rom' | 'pflash'> | null;
  readonly readonly: Located<boolean> | null;
  readonly stateless: Located<boolean> | null;
  readonly format: Located<string> | null;
}

/** The store of a guest's UEFI variables. */
export interface NvramElement {
  readonly at: Span;
  /** Null where the host is to choose one. */
  readonly path: Located<string> | null;
  readonly template: Located<string> | null;
  /** Kind of the source; only files can be used. */
  readonly sourceType: Located<string> | null;
  /** Parts of a source that a variable store cannot have. */
  readonly unsupported: readonly { readonly name: string; readonly at: Span }[];
}

/** One part of a boot without firmware. */
export interface DirectBoot {
  readonly name: (typeof directParts)[number];
  readonly at: Span;
  /** Null where it is empty. */
  readonly text: Located<string> | null;
}

/** How the guest boots, as written. */
export interface Os {
  readonly at: Span;
  readonly type: Located<string> | null;
  readonly arch: Located<string> | null;
  readonly firmware: Located<'efi' | 'bios'> | null;
  readonly loader: LoaderElement | null;
  readonly nvram: NvramElement | null;
  readonly bootDevs: readonly Located<'hd' | 'cdrom' | 'fd' | 'network'>[];
  /** What would be booted without firmware: kernel, initrd and what belongs to them. */
  readonly direct: readonly DirectBoot[];
  /** Features that the firmware is to have. */
  readonly features: readonly { readonly at: Span; readonly name: Located<string> }[];
  readonly bootloader: Located<string> | null;
  readonly bootloaderArgs: Located<string> | null;
}

/** Reads all that says how the guest boots. */
export function readOs(domain: ElementReader): Os {
  const os = domain.child('os');
  const { reporter } = domain;
  const type = os?.child('type') ?? null;
  const firmware = readWord(os?.attribute('firmware') ?? null, ['efi', 'bios'] as const, 'firmware', reporter);
  const bootDevs = (os?.children('boot') ?? []).flatMap((boot) => {
    const dev = boot.attribute('dev');
    if (dev === null) reporter.report('BV0310', boot.at, { element: 'boot', part: 'dev attribute' });
    const word = readWord(dev, ['hd', 'cdrom', 'fd', 'network'] as const, 'a boot device', reporter);
    return word === null ? [] : [word];
  });
  return {
    at: os?.at ?? domain.at,
    type: type?.filledText() ?? null,
    arch: type?.attribute('arch') ?? null,
    firmware,
    loader: readLoader(os, firmware !== null),
    nvram: readNvram(os),
    bootDevs,
    direct: directParts.flatMap((name) => {
      const part = os?.child(name) ?? null;
      return part === null ? [] : [{ name, at: part.at, text: part.filledText() }];
    }),
    features: readFeatures(os),
    bootloader: domain.child('bootloader')?.filledText() ?? null,
    bootloaderArgs: domain.child('bootloader_args')?.filledText() ?? null,
  };
}

const directParts = ['kernel', 'initrd', 'cmdline', 'shim', 'dtb'] as const;

function readFeatures(os: ElementReader | null): Os['features'] {
  const features = os?.child('firmware')?.children('feature') ?? [];
  return features.flatMap((feature) => {
    const [name, enabled] = [feature.attribute('name'), feature.attribute('enabled')];
    return name === null || enabled?.value !== 'yes' ? [] : [{ at: feature.at, name }];
  });
}

function readLoader(os: ElementReader | null, chosenByHost: boolean): LoaderElement | null {
  const loader = os?.child('loader') ?? null;
  if (loader === null) return null;
  const { at, reporter } = loader;
  const path = loader.filledText();
  if (path === null && !chosenByHost) reporter.report('BV0310', at, { element: 'loader', part: 'path' });
  readYesNo(loader.look('secure'), 'secure', reporter);
  return {
    at,
    path,
    type: readWord(loader.attribute('type'), ['rom', 'pflash'] as const, 'the type of a loader', reporter),
    readonly: readYesNo(loader.attribute('readonly'), 'readonly', reporter),
    stateless: readYesNo(loader.attribute('stateless'), 'stateless', reporter),
    format: readWord(loader.attribute('format'), ['raw', 'qcow2'] as const, 'the format of a loader', reporter),
  };
}

function readNvram(os: ElementReader | null): NvramElement | null {
  const nvram = os?.child('nvram') ?? null;
  if (nvram === null) return null;
  const source = nvram.child('source');
  nvram.attribute('format');
  nvram.attribute('templateFormat');
  const text = nvram.filledText();
  const sourceType = readWord(nvram.attribute('type'), sourceTypes, 'the type of a variable store', nvram.reporter);
  if (sourceType !== null && sourceType.value !== 'file') nvram.takeAll();
  const unsupported = [
    ...['slices', 'reservations'].map((name) => source?.child(name) ?? null),
    ...['backingStore'].map((name) => nvram.child(name)),
  ].flatMap((part) => {
    part?.takeAll();
    return part === null ? [] : [{ name: part.name, at: part.at }];
  });
  return {
    at: nvram.at,
    path: source?.attribute('file') ?? (text?.value.trim() === '' ? null : text),
    template: nvram.attribute('template'),
    sourceType,
    unsupported,
  };
}
