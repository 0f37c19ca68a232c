/** `<b:cloud-init>` of our namespace: what cloud-init finds on a NoCloud volume (its documentation, "NoCloud"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** The files of a volume, by the names that cloud-init has for them. */
export const seedNames = ['meta-data', 'network-config', 'user-data', 'vendor-data'] as const;
export type SeedName = (typeof seedNames)[number];
/** Where the volume may be attached. */
const buses = ['sata', 'virtio'] as const;

/** One of them: its text, or the name of a file that holds it. */
export interface SeedFile {
  readonly at: Span;
  readonly name: SeedName;
  readonly source: 'text' | 'file';
  readonly value: Located<string>;
}

/** The element. */
export interface CloudInit {
  readonly at: Span;
  readonly bus: Located<(typeof buses)[number]> | null;
  /** In the order of their names. */
  readonly files: readonly SeedFile[];
}

/** Reads it; a part with a text and a file, or with neither, is reported and left out. */
export function readCloudInit(element: ElementReader, namespace: string): CloudInit {
  const bus = readWord(element.attribute('bus'), buses, 'the bus of a cloud-init volume', element.reporter);
  const files = seedNames.flatMap((name) => {
    const [part] = element.children(name, namespace);
    return part === undefined ? [] : readSeedFile(name, part);
  });
  return { at: element.at, bus, files };
}

function readSeedFile(name: SeedName, part: ElementReader): readonly SeedFile[] {
  const { at, reporter } = part;
  const [file, text] = [part.attribute('file'), part.filledText()];
  const isBlank = text === null || text.value.trim() === '';
  if (file === null && isBlank) reporter.report('BV0310', at, { element: name, part: 'text or file attribute' });
  else if (file !== null && !isBlank)
    reporter.report('BV0314', file.at, {
      problem: `<${name}> has a text and a file`,
      remedy: 'keep one of them: the text is what the guest reads, the file holds it',
    });
  else if (file !== null) return [{ at, name, source: 'file', value: file }];
  else if (text !== null) return [{ at, name, source: 'text', value: { ...text, value: unindented(text.value) } }];
  return [];
}

/** Without the blank lines around it and the blanks that all lines begin with: who writes XML indents what is in it. */
function unindented(text: string): string {
  const lines = text
    .replace(/^(?:[ \t]*\r?\n)+/, '')
    .trimEnd()
    .split(/\r?\n/);
  const filled = lines.filter((line) => line.trim() !== '');
  const depth = Math.min(...filled.map((line) => line.search(/[^ ]/)));
  return lines.map((line) => `${line.slice(depth)}\n`).join('');
}
