/**
 * Texts of FreeBSD's commands to facts: sysctl(8), ifconfig(8), pciconf(8), acpidump(8), the boot messages. A line that
 * is not understood is passed over: these formats are for people and grow.
 */
import { linesOf } from './answer.ts';

/** `sysctl -i -e NAME...`: a line NAME=VALUE for each variable that exists. */
export function readSysctls(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const equals = line.indexOf('=');
      return equals <= 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1).trim()] as const];
    }),
  );
}

/** One network interface. */
export interface NetworkInterface {
  readonly name: string;
  readonly isUp: boolean;
  readonly mtu: number | null;
  readonly groups: readonly string[];
  /** Members, of a bridge. */
  readonly members: readonly string[];
  /** IPv4 and IPv6 addresses, link-local ones aside. */
  readonly addresses: readonly string[];
  readonly isBridge: boolean;
}

/** `ifconfig -a`: interfaces in the order of the text. */
export function readInterfaces(text: string): readonly NetworkInterface[] {
  return text.split(/^(?=\S)/m).flatMap((paragraph) => {
    const head = /^(\S+): flags=[0-9a-f]+(?:<([^>]*)>)?(?:.*\bmtu (\d+))?/.exec(paragraph);
    const name = head?.[1];
    if (name === undefined) return [];
    const all = (pattern: RegExp): readonly string[] => [...paragraph.matchAll(pattern)].map((match) => match[1] ?? '');
    const groups = all(/^\s+groups: (.*)$/gm).flatMap((line) => line.trim().split(/\s+/));
    const addresses = all(/^\s+inet6? ([^\s%]+(?:%\S+)?)/gm).filter((address) => !/^fe80:/i.test(address));
    const members = all(/^\s+member: (\S+)/gm);
    return [
      {
        name,
        isUp: (head?.[2] ?? '').split(',').includes('UP'),
        mtu: head?.[3] === undefined ? null : Number(head[3]),
        groups,
        members,
        addresses,
        isBridge: groups.includes('bridge') || members.length > 0,
      },
    ];
  });
}

/** Kinds of interfaces that lead to guests, jails or tunnels and not out of the host. */
const inner = /^(?:tap|vmnet|epair|vnet|ng|tun|gif|gre|lo|bridge|wg|pflog|pfsync|enc)(?:\d|$)/;

/** Whether an interface is, as far as its name and groups tell, a network card, a VLAN or an aggregate of cards. */
export function isUplink(name: string, interfaces: readonly NetworkInterface[]): boolean {
  if (inner.test(name)) return false;
  const known = interfaces.find((one) => one.name === name);
  if (known === undefined) return true;
  return (
    !known.isBridge && !known.groups.some((group) => /^(?:tap|tun|vmnet|epair|lo|bridge|vm-port|bhyvec)$/.test(group))
  );
}

/** `ifconfig -C`: what kinds of interfaces the kernel can make now. */
export function readCloners(text: string): ReadonlySet<string> {
  return new Set(linesOf(text).flatMap((line) => line.split(/\s+/)));
}

/** `pciconf -l`: the selectors of the devices that are set aside for guests, such as `pci0:2:0:0`. */
export function readPptDevices(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => {
    const match = /^ppt\d+@(pci[\d:]+?):?\s/.exec(`${line} `);
    return match?.[1] === undefined ? [] : [match[1]];
  });
}

/** `acpidump -t`: the names of the ACPI tables. */
export function readAcpiTables(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\b([A-Z0-9_]{4}): Length=/g)].map((match) => match[1] ?? ''));
}

/** What the boot messages say of the processor. */
export interface BootedProcessor {
  /** `intel` or `amd` by the feature lines; null where no line speaks of virtualisation. */
  readonly virtualisation: 'intel' | 'amd' | null;
  /** The words of the line `VT-x:` or `SVM:`, such as EPT and UG, or NP. */
  readonly features: ReadonlySet<string>;
  /** Whether there are lines of processor features at all: the messages may have been rotated away. */
  readonly isDescribed: boolean;
}

/** /var/run/dmesg.boot to what it says of virtualisation. */
export function readBootMessages(text: string): BootedProcessor {
  const words = (line: string | undefined): ReadonlySet<string> =>
    new Set((line ?? '').split(/[,\s()]+/).filter(Boolean));
  const intel = /^\s+VT-x: *(.*)$/m.exec(text)?.[1];
  const amd = /^\s+SVM: *(.*)$/m.exec(text)?.[1];
  const isDescribed = /^\s+(?:AMD )?Features2?=0x/m.test(text);
  if (intel !== undefined) return { virtualisation: 'intel', features: words(intel), isDescribed };
  if (amd !== undefined) return { virtualisation: 'amd', features: words(amd), isDescribed };
  return { virtualisation: null, features: new Set(), isDescribed };
}
