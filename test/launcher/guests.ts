/** Guests for the tests of the scripts: domain XML, its plan, and the stand-in host that has all that the plan asks for. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { contentOf, type Artefact, type SharedBackend } from '../../src/backends/backend.ts';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { seedBackend } from '../../src/backends/seed/emit.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Compilation } from '../../src/compile/stages.ts';
import type { HostProfile } from '../../src/host/profile.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { loaderWords } from '../../src/backends/text/commands.ts';
import type { Command, LoaderCommand, Plan } from '../../src/ir/plan.ts';
import { swtpmProgram } from '../../src/ir/steps/swtpm.ts';
import { createHost, type Host, type HostOptions } from '../host/host.ts';
import { textOf } from '../../src/ir/words.ts';

/** What varies between the guests of a test. */
export interface GuestOptions {
  readonly name?: string;
  readonly boot?: 'freebsd' | 'grub' | 'kernel' | 'uefi' | 'uefi-nvram';
  readonly nics?: number;
  readonly onPoweroff?: string;
  readonly onReboot?: string;
  readonly onCrash?: string;
  /** Further elements of `<domain>`. */
  readonly domain?: string;
  /** Further elements of `<devices>`. */
  readonly devices?: string;
  readonly memory?: string;
  readonly vcpus?: number;
  readonly features?: string;
}

/** The elements that say how the guest boots. */
const boots: Readonly<Record<NonNullable<GuestOptions['boot']>, string>> = {
  freebsd: '<os><type>hvm</type></os>',
  grub: '<bootloader>/usr/local/sbin/grub-bhyve</bootloader><os><type>hvm</type></os>',
  kernel:
    '<bootloader>/usr/local/sbin/grub-bhyve</bootloader><os><type>hvm</type>' +
    "<kernel>/vm/it's; a kernel</kernel><initrd>/vm/initrd.img</initrd><cmdline>console=ttyS0 root=/dev/vda1</cmdline></os>",
  uefi: "<os firmware='efi'><type>hvm</type></os>",
  'uefi-nvram':
    "<os><type>hvm</type><loader readonly='yes' type='pflash'>/usr/local/share/uefi-firmware/BHYVE_UEFI_CODE.fd</loader>" +
    "<nvram template='/usr/local/share/uefi-firmware/BHYVE_UEFI_VARS.fd'>/var/db/bhyvec/nvram/g.fd</nvram></os>",
};

/** A domain XML document. */
export function guestXml(options: GuestOptions = {}): string {
  const {
    name = 'g',
    boot = 'uefi',
    nics = 1,
    domain = '',
    devices = '',
    memory = '512',
    vcpus = 2,
    features = '<acpi/>',
  } = options;
  const nic = (n: number): string =>
    `<interface type='bridge'><mac address='58:9c:fc:00:00:0${String(n + 1)}'/><source bridge='bridge0'/>` +
    `<model type='virtio'/></interface>`;
  const { onPoweroff, onReboot, onCrash } = options;
  const ends = Object.entries({ on_poweroff: onPoweroff, on_reboot: onReboot, on_crash: onCrash });
  return [
    "<domain type='bhyve' xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>",
    `<name>${name}</name>`,
    `<memory unit='MiB'>${memory}</memory><vcpu>${String(vcpus)}</vcpu>`,
    boots[boot],
    `<features>${features}</features>`,
    ...ends.flatMap(([element, action]) => (action === undefined ? [] : [`<${element}>${action}</${element}>`])),
    domain,
    '<devices>',
    "<disk type='file' device='disk'><source file='/vm/a.img'/><target dev='vda' bus='virtio'/></disk>",
    ...Array.from({ length: nics }, (_, n) => nic(n)),
    "<serial type='nmdm'><source master='/dev/nmdm-g.1A' slave='/dev/nmdm-g.1B'/></serial>",
    devices,
    '</devices>',
    '</domain>',
    '',
  ].join('\n');
}

/** The built-in profile of a release. */
export function profileOf(target: string): HostProfile {
  const profile = targetProfile(target);
  if (profile === null) throw new Error(`no target ${target}`);
  return profile;
}

/** Compiles for a target. */
export function compileFor(text: string, host: HostProfile, name = 'guest.xml'): Compilation {
  return compile({ name, text }, { host, dialect: 'bhyvec', schema: 'off', strict: false });
}

/** The plan of a document that has no mistakes. */
export function planOf(text: string, target = 'freebsd-14.3', name = 'guest.xml'): Plan {
  const { plan, diagnostics } = compileFor(text, profileOf(target), name);
  if (plan === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return plan;
}

/** The words of a plan's command; those of timeout(1) are the first ones of a loader that has a limit. */
export function wordsOf(command: Command | LoaderCommand): readonly string[] {
  const words = 'limit' in command ? loaderWords(command) : [command.program, ...command.words];
  return words.map(({ pieces }) => textOf(pieces));
}

/** The path of the launcher on the host. */
export const folder = '/usr/local/libexec/bhyvec';

/** The launcher as builds write it. */
export function sharedLauncher(): SharedBackend {
  const shared = launcher.share?.((text) => createHash('sha256').update(text).digest('hex'));
  if (shared === undefined) throw new Error('launchers share nothing');
  return shared;
}

/** Writes a launcher, with its secrets and its volume for cloud-init where it has some; gives its path. */
export function install(host: Host, plan: Plan): string {
  const target = host.path(path.join(folder, plan.vmname));
  const { files, emit } = sharedLauncher();
  const inFolder = (file: Artefact): Artefact => ({ ...file, path: `${plan.vmname}/${file.path}` });
  mkdirSync(target, { recursive: true });
  for (const file of [...files, ...[...emit(plan), ...seedBackend.emit(plan)].map(inFolder)]) {
    const place = host.path(path.join(folder, file.path));
    writeFileSync(place, contentOf(file));
    chmodSync(place, file.mode);
  }
  for (const step of plan.steps) {
    if (step.kind !== 'secrets') continue;
    const text = step.entries.map(({ key, value }) => `${key}=${value}\n`).join('');
    writeFileSync(path.join(target, 'secrets.conf'), text, { mode: 0o600 });
  }
  return path.join(target, 'launch');
}

/** A program of a package, at the place where that installs it. */
function installProgram(host: Host, name: string): void {
  mkdirSync(host.path(path.dirname(name)), { recursive: true });
  writeFileSync(host.path(name), `#!/bin/sh\nexec ${path.basename(name)} "$@"\n`, { mode: 0o755 });
}

/** Makes a host that has what the plan asks for, as it is after a boot: no module is loaded, no run was before. */
export function hostFor(plan: Plan, options: HostOptions = {}): Host {
  const steps = [...plan.steps];
  const named = <T>(pick: (step: (typeof steps)[number]) => readonly T[]): T[] => [...new Set(steps.flatMap(pick))];
  const disks = named((step) => (step.kind === 'file' && !step.path.startsWith('/dev/') ? [step.path] : []));
  // No number is main, whose bridges filter VLANs as those of its newest release do.
  const filters = steps.some((step) => step.kind === 'bridge-port' && step.vlans !== null);
  const release = /^freebsd-([\d.]+)/.exec(plan.target)?.[1] ?? (filters ? '15.1' : '14.3');
  const host = createHost({
    release,
    arch: plan.arch,
    cpus: 32,
    bridges: named((step) => {
      if (step.kind !== 'bridge') return [];
      const mtu = steps.find((one) => one.kind === 'tap' && one.bridge === step.name && one.mtu !== null);
      const size = mtu?.kind === 'tap' ? String(mtu.mtu) : '';
      const hasVlans = steps.some(
        (one) => one.kind === 'bridge-port' && one.bridge === step.name && one.vlans !== null,
      );
      return [[step.name, size, hasVlans ? 'vlanfilter' : ''].join(':').replace(/:+$/, '')];
    }),
    taps: named((step) => (step.kind === 'own-tap' ? [step.name] : [])),
    disks: disks.filter((disk) => !disk.startsWith('/usr/local/share/')),
    zvols: named((step) => (step.kind === 'file' && step.path.startsWith('/dev/zvol/') ? [step.path] : [])),
    nodes: named((step) =>
      step.kind === 'file' && step.path.startsWith('/dev/') && !step.path.startsWith('/dev/zvol/') ? [step.path] : [],
    ),
    ppt: named((step) => (step.kind === 'ppt' && !step.managed ? [whereOf(step)] : [])),
    pci: named((step) => (step.kind === 'ppt' && step.managed ? [`${whereOf(step)}=igb0`] : [])),
    sysctls: { 'kern.racct.enable': '1' },
    ...options,
  });
  for (const step of steps) {
    if (step.kind === 'nvram' && !existsSync(host.path(step.template ?? step.path))) {
      mkdirSync(host.path(path.dirname(step.template ?? step.path)), { recursive: true });
      writeFileSync(host.path(step.template ?? step.path), 'variables\n');
    }
    if (step.kind === 'directory') mkdirSync(host.path(step.path), { recursive: true });
    if (step.kind === 'socket' && !step.path.startsWith(`${plan.stateDirectory}/`)) {
      mkdirSync(host.path(path.dirname(step.path)), { recursive: true });
    }
    if (step.kind === 'file' && step.purpose === 'firmware' && !existsSync(host.path(step.path))) {
      mkdirSync(host.path(path.dirname(step.path)), { recursive: true });
      writeFileSync(host.path(step.path), 'firmware\n');
    }
  }
  installPrograms(host, plan);
  if (steps.some(({ kind }) => kind === 'swtpm')) installProgram(host, swtpmProgram);
  // Whoever names the disks may leave one out.
  for (const command of options.disks === undefined ? [plan.loader, plan.bhyve] : []) {
    if (command !== null) host.furnish(wordsOf(command));
  }
  host.warm(plan.bhyve.words.map(({ pieces }) => textOf(pieces)));
  return host;
}

function whereOf({
  bus,
  slot,
  function: fn,
}: {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}): string {
  return [bus, slot, fn].join('/');
}

/** A program with an absolute path lies below the root of the host. */
function installPrograms(host: Host, { loader }: Plan): void {
  for (const text of loader === null ? [] : wordsOf(loader)) {
    if (!/^\/.*\/(?:grub-bhyve|bhyveload)$/.test(text)) continue;
    mkdirSync(host.path(path.dirname(text)), { recursive: true });
    writeFileSync(host.path(text), `#!/bin/sh\nexec ${path.basename(text)} "$@"\n`, { mode: 0o755 });
  }
}

/** Whether the process catches or ignores SIGTERM: a guest that has read its script does, unless it is to hang. */
export function takesTerm(pid: number): boolean {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return /^Sig(?:Ign|Cgt):\s+[0-9a-f]*[4-7c-f][0-9a-f]{3}$/m.test(status);
}
