/** The runs of guests that faults.test.ts disturbs, and the steps that they consist of. */
import type { GuestOptions } from './guests.ts';

/** One guest and what becomes of it. */
export interface Scenario {
  readonly title: string;
  readonly guest: GuestOptions;
  readonly target?: string;
  readonly script: readonly string[];
  /** Sent once the guest runs, where it does not end by itself. */
  readonly stop?: NodeJS.Signals;
  /** The exit status of an undisturbed run. */
  readonly status: number;
  readonly verb?: 'run' | 'once';
  /** Whether there is a hook; it calls a command of the host, which is disturbed too. */
  readonly hasHook?: boolean;
}

/** All of them. */
export const scenarios: readonly Scenario[] = [
  { title: 'UEFI, 1 NIC, power-off', guest: { nics: 1 }, script: ['exit:1'], status: 0 },
  { title: 'UEFI, 0 NICs, crash', guest: { nics: 0 }, script: ['exit:3'], status: 1 },
  { title: 'UEFI, 4 NICs, reboot', guest: { nics: 4 }, script: ['exit:0', 'exit:2'], status: 0 },
  { title: 'UEFI, 1 NIC, stopped', guest: { nics: 1 }, script: ['term:1'], stop: 'SIGTERM', status: 0 },
  { title: 'UEFI, 1 NIC, hangs', guest: { nics: 1 }, script: ['hang'], stop: 'SIGTERM', status: 0 },
  { title: 'FreeBSD, 1 NIC, power-off', guest: { boot: 'freebsd', nics: 1 }, script: ['exit:1'], status: 0 },
  { title: 'FreeBSD, 0 NICs, reboot', guest: { boot: 'freebsd', nics: 0 }, script: ['exit:0', 'exit:1'], status: 0 },
  {
    title: 'FreeBSD 12.4, 4 NICs, crash',
    guest: { boot: 'freebsd', nics: 4 },
    target: 'freebsd-12.4',
    script: ['signal:ABRT'],
    status: 1,
  },
  { title: 'grub, 1 NIC, power-off', guest: { boot: 'grub', nics: 1 }, script: ['exit:2'], status: 0 },
  { title: 'grub, 4 NICs, reboot', guest: { boot: 'grub', nics: 4 }, script: ['exit:0', 'exit:1'], status: 0 },
  {
    title: 'grub with a kernel of the host, 0 NICs, reboot',
    guest: { boot: 'kernel', nics: 0 },
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'grub, 0 NICs, stopped',
    guest: { boot: 'grub', nics: 0 },
    script: ['slow-term:0.2:1'],
    stop: 'SIGHUP',
    status: 0,
  },
  {
    title: 'UEFI with secrets, limits, a channel and two restarts after crashes',
    guest: {
      nics: 1,
      onCrash: 'restart',
      domain: '<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>',
      devices:
        "<graphics type='vnc' port='-1' passwd='secret'/>" +
        "<channel type='unix'><source mode='bind' path='/var/run/g.sock'/><target type='virtio' name='agent.0'/></channel>",
    },
    script: ['exit:3', 'exit:4', 'exit:1'],
    status: 0,
  },
  {
    title: 'once: UEFI, 1 NIC, an automatic port and a hook, reboot',
    guest: { nics: 1, devices: "<graphics type='vnc' port='-1'/>" },
    script: ['exit:0'],
    status: 0,
    verb: 'once',
    hasHook: true,
  },
  {
    title: 'once: FreeBSD, 1 NIC, stopped',
    guest: { boot: 'freebsd', nics: 1 },
    script: ['run'],
    stop: 'SIGTERM',
    status: 0,
    verb: 'once',
  },
  {
    title: 'UEFI, 0 NICs, a managed device, reboot',
    guest: {
      nics: 0,
      devices:
        "<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='2' slot='0' function='0'/></source></hostdev>",
    },
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'UEFI 15.0, a tap in VLANs, one of its own address, one of the user, a netgraph node, reboot',
    guest: {
      nics: 0,
      devices:
        "<interface type='bridge'><source bridge='bridge0'/><vlan><tag id='4'/><tag id='5'/></vlan><port isolated='yes'/></interface>" +
        "<interface type='ethernet'><source><ip address='10.9.0.1' prefix='24'/></source></interface>" +
        "<interface type='ethernet'><target dev='tap9' managed='no'/></interface>" +
        "<interface type='ethernet'><target dev='ng0' managed='no'/></interface>",
      domain:
        "<metadata><b:netgraph xmlns:b='https://bhyvec.org/xmlns/domain/1.0' dev='ng0' path='br0:' peerhook='link2'/></metadata>",
    },
    target: 'freebsd-15.0',
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'UEFI, 0 NICs, a TPM by swtpm, reboot',
    guest: { nics: 0, devices: "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>" },
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'UEFI, 0 NICs, a volume for cloud-init, reboot',
    guest: {
      nics: 0,
      domain:
        "<metadata><b:cloud-init xmlns:b='https://bhyvec.org/xmlns/domain/1.0'>" +
        '<b:user-data>#cloud-config</b:user-data></b:cloud-init></metadata>',
    },
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'UEFI, 0 NICs, a hook, reboot',
    guest: { nics: 0 },
    script: ['exit:0', 'exit:1'],
    status: 0,
    hasHook: true,
  },
];

/** The steps of a run, and the commands that each consists of. */
export const steps: readonly (readonly [step: string, commands: RegExp])[] = [
  ['asking the host', /^(?:id|kldstat|sysctl|sockstat|ngctl) /],
  ['waiting', /^(?:date|sleep|ps) /],
  ['modules', /^kldload /],
  ['folders', /^mkdir /],
  ['variables', /^(?:cat|mv) /],
  ['taps', /^ifconfig .*\b(?:create|addm|up)\b/],
  ['devices', /^(?:pciconf|devctl) /],
  ['limits', /^rctl /],
  ['the loader', /^(?:timeout|bhyveload|grub-bhyve) /],
  ['the TPM', /^swtpm /],
  ['the guest', /^bhyve /],
  ['its VM', /^bhyvectl /],
  ['taps that go', /^ifconfig /],
  ['files that go', /^(?:rm|rmdir) /],
  ['hooks', /^logger /],
];
