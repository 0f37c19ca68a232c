/** IP addresses as numbers, and the subnets that they are of: RFC 4632, RFC 4291, and RFC 5952 for how they are written. */

export type Family = 'inet' | 'inet6';

/** An address. */
export interface Ip {
  readonly family: Family;
  readonly value: bigint;
}

/** A subnet, by an address of it. */
export interface Subnet {
  readonly address: Ip;
  readonly prefix: number;
}

/** Bits of an address. */
export function bitsOf(family: Family): number {
  return family === 'inet' ? 32 : 128;
}

/** Reads an address; null where the text is none. A zone is none of it. */
export function parseIp(text: string): Ip | null {
  if (text.includes(':')) return parseV6(text);
  const value = parseV4(text);
  return value === null ? null : { family: 'inet', value };
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  const good = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return good ? parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) : null;
}

function parseV6(text: string): Ip | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const groups = sides.map((side) => (side === '' ? [] : groupsIn(side)));
  const [head, tail] = groups;
  if (head === null || head === undefined || tail === null) return null;
  const count = head.length + (tail?.length ?? 0);
  if (tail === undefined ? count !== 8 : count > 7) return null;
  const all = [...head, ...Array.from({ length: 8 - count }, () => 0n), ...(tail ?? [])];
  return { family: 'inet6', value: all.reduce((value, group) => (value << 16n) | group, 0n) };
}

/** Groups of 16 bits; the last two may be an IPv4 address. */
function groupsIn(text: string): readonly bigint[] | null {
  const words = text.split(':');
  const last = words.at(-1) ?? '';
  const v4 = last.includes('.') ? parseV4(last) : null;
  if (last.includes('.') && v4 === null) return null;
  const plain = v4 === null ? words : words.slice(0, -1);
  if (!plain.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word))) return null;
  const groups = plain.map((word) => BigInt(`0x${word}`));
  return v4 === null ? groups : [...groups, v4 >> 16n, v4 & 0xffffn];
}

/** The address as it is written. */
export function ipText({ family, value }: Ip): string {
  if (family === 'inet') return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const [before = '', ...after] = groups.join(':').split(longest);
  return `${before}::${after.join(longest).replace(/^:/, '')}`;
}

function maskOf(family: Family, prefix: number): bigint {
  const bits = BigInt(bitsOf(family));
  return ((1n << BigInt(prefix)) - 1n) << (bits - BigInt(prefix));
}

/** The first address of a subnet. */
export function firstOf({ address, prefix }: Subnet): Ip {
  return { family: address.family, value: address.value & maskOf(address.family, prefix) };
}

/** The last address of a subnet: that for broadcasts, where it is one of IPv4. */
export function lastOf(subnet: Subnet): Ip {
  const { family, value } = firstOf(subnet);
  return { family, value: value | ((1n << BigInt(bitsOf(family) - subnet.prefix)) - 1n) };
}

/** Whether the address is one of the subnet. */
export function isInside({ family, value }: Ip, subnet: Subnet): boolean {
  return family === subnet.address.family && value >= firstOf(subnet).value && value <= lastOf(subnet).value;
}

/** Whether two subnets have an address in common. */
export function overlap(one: Subnet, other: Subnet): boolean {
  const [wide, narrow] = one.prefix <= other.prefix ? [one, other] : [other, one];
  return isInside(narrow.address, wide);
}

/** The subnet as it is written: its first address and the length of the prefix. */
export function subnetText(subnet: Subnet): string {
  return `${ipText(firstOf(subnet))}/${String(subnet.prefix)}`;
}

/** The mask of an IPv4 subnet as an address. */
export function maskText({ address, prefix }: Subnet): string {
  return ipText({ family: address.family, value: maskOf(address.family, prefix) });
}

/** The length of the prefix that a mask stands for; null where its ones are not all on the left. */
export function prefixOfMask({ family, value }: Ip): number | null {
  const lengths = Array.from({ length: bitsOf(family) + 1 }, (_, prefix) => prefix);
  return lengths.find((prefix) => maskOf(family, prefix) === value) ?? null;
}

/** The fewest subnets that are a range of addresses, both ends included. */
export function subnetsOfRange(start: Ip, end: Ip): readonly Subnet[] {
  const found: Subnet[] = [];
  for (let value = start.value; value <= end.value;) {
    let prefix = bitsOf(start.family);
    while (prefix > 0) {
      const wider: Subnet = { address: { family: start.family, value }, prefix: prefix - 1 };
      if (firstOf(wider).value !== value || lastOf(wider).value > end.value) break;
      prefix -= 1;
    }
    const subnet: Subnet = { address: { family: start.family, value }, prefix };
    found.push(subnet);
    value = lastOf(subnet).value + 1n;
  }
  return found;
}

/** The zone of the DNS that names the addresses of a subnet backwards; null where its prefix does not end between two labels. */
export function reverseZone(subnet: Subnet): string | null {
  const { family } = subnet.address;
  const width = family === 'inet' ? 8 : 4;
  if (subnet.prefix === 0 || subnet.prefix % width !== 0) return null;
  const { value } = firstOf(subnet);
  const labels = Array.from({ length: subnet.prefix / width }, (_, i) => {
    const label = (value >> BigInt(bitsOf(family) - width * (i + 1))) & ((1n << BigInt(width)) - 1n);
    return label.toString(family === 'inet' ? 10 : 16);
  });
  return `${labels.toReversed().join('.')}.${family === 'inet' ? 'in-addr' : 'ip6'}.arpa`;
}
