/** docs/targets.md as text: the table of releases for people. A test keeps the page equal to the table. */
import type { Arch } from './profile.ts';
import { availability, capabilities, facts, releases, runsOn, type Release } from './releases.ts';
import { factsOf } from './release-facts.ts';
import { defaultTarget } from './default-target.ts';
import { builtInTargets, targetProfile } from './targets.ts';

/** The page. */
export function targetsPage(): string {
  return `# Targets

bhyvec compiles for one host. A built-in target is a host of one FreeBSD release with nothing special about it; a
[host profile](host-profile.md) says more. \`bhyvec target list\` prints the names, \`bhyvec target show NAME\` a profile
to start from. Without a choice the target is \`${defaultTarget}\`.

The names are \`freebsd-RELEASE\` for amd64 and \`freebsd-RELEASE-arm64\` for arm64:
${builtInTargets.map(({ name }) => `\`${name}\``).join(', ')}.

In the tables, **yes** is a release that has the capability, **?** one for which it is not established, and an empty
cell one that lacks it. bhyvec takes **?** for absent, because an option that bhyve does not know stops the guest at its
start, and often with the exit status of a power-off. Who knows better adds the capability in a host profile.

## What each capability is

${table(
  ['capability', 'in the words of the manual pages'],
  capabilities.map((capability) => [`\`${capability}\``, cell(facts[capability].what)]),
)}

Two of them do not follow from the release. \`rctl\` is in no built-in target: FreeBSD ships with \`kern.racct.enable=0\`,
and only the host's administrator knows better. \`grub-cons-dev\` is an option of a port, which all its versions of recent
years have.

## amd64

${['11', '12', '13', '14', '15'].map((major) => matrix('amd64', (release) => isOf(release, major))).join('\n\n')}

## arm64

${matrix('arm64', (release) => runsOn(release, 'arm64'))}

Capabilities that are not in this table do not exist on arm64: there is no \`-l\` and no LPC bridge, no frame buffer, no
PCI pass-through, no ACPI, and the clock of the guest is not an option.

## Uncertain facts

${table(
  ['capability', 'releases', 'what is known', 'why "absent" is safe'],
  capabilities.flatMap((capability) => {
    const { doubt } = facts[capability];
    return doubt === null
      ? []
      : [[`\`${capability}\``, doubt.releases.join(', '), doubt.known, doubt.choice].map(cell)];
  }),
)}

## Limits and habits

${table(
  ['target', 'vCPUs', 'VM name', 'ACPI', 'SIGTERM', 'error status', 'tap module', 'largest picture', 'VM control'],
  builtInTargets.map(({ name }) => limitsOf(name)),
)}
`;
}

function isOf(release: Release, major: string): boolean {
  return release.startsWith(`${major}.`) || (major === '15' && release === 'main');
}

function matrix(arch: Arch, wanted: (release: Release) => boolean): string {
  const columns = releases.filter(wanted);
  const rows = capabilities.map((capability) => [
    `\`${capability}\``,
    ...columns.map((release) => ({ yes: 'yes', no: '', unknown: '**?**' })[availability(capability, release, arch)]),
  ]);
  return table(
    ['capability', ...columns],
    rows.filter((row) => arch === 'amd64' || row.slice(1).some((text) => text !== '')),
  );
}

function limitsOf(name: string): readonly string[] {
  const profile = targetProfile(name);
  if (profile === null) return [];
  const known = factsOf(profile);
  const picture = known.fbufMaximum;
  return [
    `\`${name}\``,
    known.vcpuLimit === null ? 'hw.vmm.maxcpu' : String(known.vcpuLimit),
    `${String(known.nameLimit)} characters`,
    { 'on-request': 'with -A', default: 'by default', none: 'none' }[known.acpi],
    known.powerButton ? 'power button' : 'kills bhyve',
    String(known.errorStatus),
    known.tapModules.join(', then '),
    picture === null ? 'no frame buffer' : `${String(picture.width)}x${String(picture.height)}`,
    known.vmmControl === true ? '/dev/vmmctl' : 'sysctl hw.vmm.create',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
