/** A folder with domain XML for tests of `bhyvec build`, which run in this process: guests, builds, what is there. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBuild } from '../../src/cli/commands/build.ts';
import type { BuildFlags } from '../../src/cli/options.ts';
import { libraryPattern } from '../../src/ir/names.ts';
import { UsageError, type Terminal } from '../../src/system/terminal.ts';
import { plain } from '../../src/diagnostics/render.ts';

/** What a build left behind. */
export interface Built {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Flags of a build; the folder is `out`, the target FreeBSD 14.3. */
export type Flags = Partial<Omit<BuildFlags, 'output'>> & { readonly output?: string };

/** A folder for one test. */
export interface Workshop {
  readonly folder: string;
  /** The path of a file in the folder. */
  readonly at: (name: string) => string;
  /** Writes `NAME.xml`, or any file with a text; gives its path. */
  readonly put: (name: string, text?: string) => string;
  readonly build: (files: readonly string[], flags?: Flags) => Promise<Built>;
  /** `MODE PATH` of each file below the folder of a build, sorted. */
  readonly files: (below?: string) => readonly string[];
  /** What stands in the folder of a build, sorted; what launchers share is LIBRARY. */
  readonly names: (below?: string) => readonly string[];
  /** Mode and text of each file. */
  readonly snapshot: (below?: string) => Readonly<Record<string, string>>;
  readonly read: (name: string) => string;
  readonly remove: () => void;
}

/** A guest with a disk of its own, and further elements. */
export function guestXml(name: string, devices = '', domain = ''): string {
  const disk = `<disk type='file'><source file='/vm/disk-of-guest.img'/><target dev='vda' bus='virtio'/><readonly/></disk>`;
  const start = `<domain type='bhyve' xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>`;
  const boot = `<os firmware='efi'><type>hvm</type></os>`;
  return [
    start,
    `  <name>${name}</name>`,
    `  <memory unit='MiB'>512</memory>`,
    `  ${boot}`,
    `  <devices>${disk}${devices}</devices>`,
    `  ${domain}`,
    '</domain>',
    '',
  ].join('\n');
}

/** A VNC server. */
export function vnc(password: string, port = 5901): string {
  return `<graphics type='vnc' port='${String(port)}' passwd='${password}'/><video><model type='gop'/></video>`;
}

/** Makes the folder. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-build-'));
  const at = (name: string): string => path.join(folder, name);
  const snapshot = (below = 'out'): Readonly<Record<string, string>> => {
    const names = readdirSync(at(below), { recursive: true, encoding: 'utf8' }).toSorted();
    return Object.fromEntries(
      names.flatMap((name) => {
        const status = lstatSync(path.join(at(below), name));
        if (status.isDirectory()) return [];
        const text = status.isFile() ? readFileSync(path.join(at(below), name), 'utf8') : 'no file';
        return [[`${(status.mode & 0o7777).toString(8)} ${name}`, text]];
      }),
    );
  };
  return {
    folder,
    at,
    put(name, text = guestXml(name.replace(/[.]xml$/, ''))) {
      writeFileSync(at(name), text);
      return at(name);
    },
    async build(files, flags = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const terminal: Terminal = {
        out: (text) => Promise.resolve(void out.push(text)),
        err: (text) => void err.push(text),
        outPalette: plain,
        errPalette: plain,
        doing: null,
      };
      const all = {
        output: at('out'),
        schema: 'error',
        ...(flags.host === undefined ? { target: 'freebsd-14.3' } : {}),
        project: false,
        ...flags,
      } as const;
      try {
        const status = await runBuild(files, all, terminal);
        return { status, out: out.join(''), err: err.join('') };
      } catch (error) {
        if (error instanceof UsageError) return { status: 2, out: out.join(''), err: error.message };
        throw error;
      }
    },
    names: (below = 'out') =>
      readdirSync(at(below))
        .map((name) => (libraryPattern.test(name) ? 'LIBRARY' : name))
        .toSorted(),
    files: (below) => Object.keys(snapshot(below)),
    snapshot,
    read: (name) => readFileSync(at(name), 'utf8'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
