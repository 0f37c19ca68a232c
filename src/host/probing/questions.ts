/**
 * What bhyve is asked, and what its answers mean (bhyve(8), bhyve_config(5)). Options are read from left to right and
 * `-h` ends the run with status 0, so `bhyve OPTION -h` tells whether OPTION is known; `-o config.dump=1` prints the
 * configuration that the options make. Neither opens a device or makes a VM.
 */
import type { Capability } from '../capabilities.ts';
import type { Arch } from '../profile.ts';
import { linesOf, textOf, type Answer, type Verdict } from './answer.ts';

/** One question to bhyve about one capability. */
export interface Question {
  readonly capability: Capability;
  /** The words after `bhyve`. */
  readonly words: readonly string[];
  readonly verdict: (answer: Answer) => Verdict;
}

/** Answers by the words that were asked, joined with blanks. */
export type Answers = ReadonlyMap<string, Answer>;

const code = '/probe/code';
const vars = '/probe/vars';
/** Prints the configuration; the last word is the name of a VM that is never made. */
const dump = ['-o', 'config.dump=1', 'probe'] as const;

/** Asked once, used for several capabilities. */
export const usageWords: readonly string[] = ['-h'];
export const deviceWords: readonly string[] = ['-s', 'help'];

/** Devices of `-s` that are capabilities, with what the old form of the question needs after the name. */
const devices: readonly (readonly [Capability, string, string])[] = [
  ['ahci-ports', 'ahci', ''],
  ['e1000', 'e1000', ''],
  ['fbuf', 'fbuf', ''],
  ['xhci', 'xhci', ''],
  ['hda', 'hda', ''],
  ['nvme', 'nvme', ''],
  ['virtio-9p', 'virtio-9p', ''],
  ['virtio-rnd', 'virtio-rnd', ''],
  ['virtio-scsi', 'virtio-scsi', ''],
  ['virtio-console', 'virtio-console', ''],
  ['passthru', 'passthru', ',0/0/0'],
];

/** The names that `-s help` lists; null for a bhyve that has no such list (11.x). */
export function deviceList(answer: Answer): ReadonlySet<string> | null {
  const names = linesOf(answer.out);
  return answer.status === 0 && names.includes('hostbridge') ? new Set(names) : null;
}

/** What to ask a bhyve of an architecture; `listed` is what {@link deviceList} made of its list. */
export function questionsFor(arch: Arch, listed: ReadonlySet<string> | null): readonly Question[] {
  return [
    ...letters.map(([capability, ...words]) => ({ capability, words: [...words, '-h'], verdict: letterKnown })),
    asOption('com3', ['-l', 'com3,stdio', '-h']),
    asOption('tpm-passthru', ['-l', 'tpm,passthru,/dev/tpm0', '-h']),
    { capability: 'cpu-topology', words: usageWords, verdict: topology },
    { capability: 'error-exit-status', words: ['-s', '0:99,hostbridge', '-h'], verdict: errorStatus },
    ...(listed === null
      ? devices.map(([capability, name, conf]) => asOption(capability, ['-s', `0,${name}${conf}`, '-h']))
      : devices.map(([capability, name]) => inList(capability, listed.has(name)))),
    ...(arch === 'amd64' ? amd64Questions : arm64Questions),
  ];
}

/** Option letters that are there or not. */
const letters: readonly (readonly [Capability, ...string[]])[] = [
  ['rtc-utc', '-u'],
  ['wired-memory', '-S'],
  ['vcpu-pinning', '-p', '0:0'],
  ['config-file', '-k', '/dev/null'],
  ['config-option', '-o', 'name=probe'],
  ['keyboard-layout', '-K', 'default'],
  ['destroy-on-poweroff', '-D'],
  ['monitor', '-M'],
  ['numa', '-n', 'id=0,size=64M'],
];

const amd64Questions: readonly Question[] = [
  asOption('bootrom', ['-l', `bootrom,${code}`, '-h']),
  {
    capability: 'acpi-option',
    words: ['-A', '-h'],
    verdict: (answer) => (answer.status === 0 ? 'unknown' : known(answer)),
  },
  { capability: 'acpi-option', words: dump, verdict: (answer) => bySetting(answer, 'acpi_tables', 'false') },
  { capability: 'acpi-default', words: dump, verdict: (answer) => bySetting(answer, 'acpi_tables', 'true') },
  {
    capability: 'bootvars',
    words: ['-l', `bootrom,${code},${vars}`, ...dump],
    verdict: (answer) => byLines(answer, (lines) => lines.some((line) => /^(?:lpc[.])?bootvars=/.test(line))),
  },
  {
    capability: 'bootrom-keys',
    words: ['-l', `bootrom,${code}`, ...dump],
    verdict: (answer) => byLines(answer, (lines) => lines.includes(`bootrom=${code}`)),
  },
  {
    capability: 'fwcfg',
    words: ['-l', `bootrom,${code},fwcfg=qemu`, ...dump],
    verdict: (answer) => byLines(answer, (lines) => lines.includes('lpc.fwcfg=qemu')),
  },
];

/** On arm64 firmware and console are keys of the configuration. */
const arm64Questions: readonly Question[] = (['bootrom', 'bootrom-keys'] as const).map((capability) => ({
  capability,
  words: ['-o', `bootrom=${code}`, '-h'],
  verdict: known,
}));

function asOption(capability: Capability, words: readonly string[]): Question {
  return { capability, words, verdict: known };
}

function inList(capability: Capability, isThere: boolean): Question {
  return { capability, words: deviceWords, verdict: () => (isThere ? 'yes' : 'no') };
}

/** A letter that bhyve does not know is a usage error, status 1; all else is about what came after the letter. */
function letterKnown({ status }: Answer): Verdict {
  if (status === null) return 'unknown';
  return status === 1 ? 'no' : 'yes';
}

function known({ status }: Answer): Verdict {
  if (status === null) return 'unknown';
  return status === 0 ? 'yes' : 'no';
}

/** The usage text names the parts of -c where it has them; before it says `-c vcpus`. */
function topology(answer: Answer): Verdict {
  const text = textOf(answer);
  if (/\bsockets=/.test(text)) return 'yes';
  return /-c vcpus\b/.test(text) ? 'no' : 'unknown';
}

/** A function number that no PCI device has: an error of -s, not a wrong option. */
function errorStatus({ status }: Answer): Verdict {
  if (status === 4) return 'yes';
  return status === 1 ? 'no' : 'unknown';
}

function bySetting(answer: Answer, key: string, value: string): Verdict {
  return byLines(answer, (lines) => {
    const line = lines.find((one) => one.startsWith(`${key}=`));
    return line === undefined ? null : line === `${key}=${value}`;
  });
}

/** Asks the lines of a configuration dump; without one (before 13.1, or a refused option) nothing is known. */
function byLines(answer: Answer, holds: (lines: readonly string[]) => boolean | null): Verdict {
  const lines = linesOf(answer.out);
  if (!lines.includes('config.dump=1')) return 'unknown';
  const found = holds(lines);
  return found === null ? 'unknown' : found ? 'yes' : 'no';
}
