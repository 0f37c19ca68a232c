/**
 * The options of bhyve(8): what each takes, what it says as keys of bhyve_config(5), and which bhyve has it. Options are
 * read as getopt(3) of FreeBSD reads them, without permutation: the first word that is no option ends them.
 */
import type { Capability } from '../../host/capabilities.ts';
import type { Arch } from '../../host/profile.ts';
import type { Range } from '../../host/releases.ts';
import type { Syntax } from './getopt.ts';

/** One option. */
export interface Option {
  /** What its argument is, in words; null for an option without one. */
  readonly takes: string | null;
  /** The key that an option without argument sets; null where it sets none, or has an argument. */
  readonly sets: { readonly key: string; readonly value: string } | null;
  /** What the host must be able to do for it; null where no capability is named for it. */
  readonly capability: Capability | null;
  /** The releases that have it. */
  readonly range: Range;
  /** The architectures that have it. */
  readonly archs: readonly Arch[];
  /** True where the code steps over blanks in front of the argument. */
  readonly skipsBlanks: boolean;
}

const always: Range = { since: '11.0', until: null };
const x86: readonly Arch[] = ['amd64'];
const everywhere: readonly Arch[] = ['amd64', 'arm64'];

/** Every option by its letter. `-r` exists in builds with snapshots alone, which no release is. */
export const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ['A', flag('acpi_tables', 'true', x86)],
  ['a', flag('x86.x2apic', 'false', x86)],
  ['b', { ...flag(null, '', x86), range: { since: '11.0', until: '12.4' } }],
  ['C', flag('memory.guest_in_core', 'true', everywhere)],
  ['c', { ...argument('the number of virtual CPUs', everywhere), skipsBlanks: true }],
  ['D', { ...flag('destroy_on_poweroff', 'true', everywhere), capability: 'destroy-on-poweroff' }],
  ['e', flag('x86.strictio', 'true', x86)],
  ['f', { ...argument('a fw_cfg item', x86), capability: 'fwcfg' }],
  ['G', { ...argument('the port of a debug server', x86), range: { since: '12.1', until: null } }],
  ['g', { ...argument('the port of a debug server', x86), range: { since: '11.0', until: '12.4' } }],
  ['H', flag('x86.vmexit_on_hlt', 'true', x86)],
  ['h', flag(null, '', everywhere)],
  ['I', flag(null, '', x86)],
  ['K', { ...argument('a keyboard layout', x86), capability: 'keyboard-layout' }],
  ['k', { ...argument('a configuration file', everywhere), capability: 'config-file' }],
  ['l', argument('a device of the LPC bridge', x86)],
  ['M', { ...flag('monitor', 'true', everywhere), capability: 'monitor' }],
  ['m', { ...argument('the size of the memory', everywhere), skipsBlanks: true }],
  ['n', { ...argument('a NUMA domain', x86), capability: 'numa' }],
  ['o', { ...argument('KEY=VALUE', everywhere), capability: 'config-option' }],
  ['P', flag('x86.vmexit_on_pause', 'true', x86)],
  ['p', { ...argument('VCPU:HOSTCPU', everywhere), capability: 'vcpu-pinning', skipsBlanks: true }],
  ['S', { ...flag('memory.wired', 'true', everywhere), capability: 'wired-memory' }],
  ['s', { ...argument('SLOT,DEVICE', everywhere), skipsBlanks: true }],
  ['U', argument('a UUID', everywhere)],
  ['u', { ...flag('rtc.use_localtime', 'false', x86), capability: 'rtc-utc' }],
  ['W', flag('virtio_msix', 'false', everywhere)],
  ['w', flag('x86.strictmsr', 'false', x86)],
  ['x', flag('x86.x2apic', 'true', x86)],
  ['Y', flag('x86.mptable', 'false', x86)],
]);

/** The options as getopt is told of them. */
export const bhyveSyntax: Syntax = {
  letters: new Map([...options].map(([letter, { takes }]) => [letter, takes === null ? 'none' : 'one'])),
  long: null,
};

function flag(key: string | null, value: string, archs: readonly Arch[]): Option {
  const sets = key === null ? null : { key, value };
  return { takes: null, sets, capability: null, range: always, archs, skipsBlanks: false };
}

function argument(takes: string, archs: readonly Arch[]): Option {
  return { takes, sets: null, capability: null, range: always, archs, skipsBlanks: false };
}
