/**
 * The contract of a bhyve emulation, and where a device sits. One file for each emulation says all that bhyve(8) says of
 * it; allocation, capability matching, planning and backends are loops over the list in `index.ts`.
 */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import type { Grants, Need, SlotUse } from '../needs.ts';
import { exact } from '../../text/exact.ts';
import type { HostStep } from '../plan.ts';
import { argumentSetting, type Conf, type Setting } from '../settings.ts';
import { formatPciAddress, pciKey, type PciAddress } from '../units.ts';
import { joined, piecesOf, type Value } from '../words.ts';

/** Where a device sits: on a function that it is granted, or on one that is no resource. */
export type Place =
  | {
      readonly kind: 'granted';
      readonly need: Need<'pci'>;
      /** What is printed instead of the function. */ readonly printedFunction: 0 | null;
    }
  | { readonly kind: 'fixed'; readonly address: PciAddress };

/** What every device of the machine has. */
export interface DeviceNode<K extends string> {
  readonly kind: K;
  readonly origins: Origins;
}

/** Something that only one device of a guest can have. */
export interface Use {
  /** A MAC address is to be that of one guest alone. */
  readonly kind: 'host-device' | 'mac' | 'socket' | 'channel' | 'share' | 'tcp-port' | 'udp-port';
  readonly name: string;
  /** Of a port: with another address it is another one. */
  readonly address?: string;
  /** Where it was written; what stands for it where it was not. */
  readonly at: Span;
}

/** What the host must be able to do: for the device itself, or for a value of the document, with its place. */
export type Wish = Capability | Located<Capability>;

/** What bhyve(8) says of one emulation. No member is optional: an empty list is written as one. */
export interface Emulation<D extends DeviceNode<string>> {
  /** bhyve's word. */
  readonly kind: D['kind'];
  /** One line for the device table. */
  readonly summary: string;
  /** The section of the manual that it follows. */
  readonly manual: string;
  /** The resources that the device has to be granted. */
  needs(device: D): readonly Need[];
  /** What no other device may have, too. */
  uses(device: D): readonly Use[];
  /** What the host must be able to do, each with what asks for it. */
  requires(device: D): readonly Wish[];
  /** What must be there, or be made, on the host. */
  hostSteps(device: D, grants: Grants): readonly HostStep[];
  /** What bhyve is told; nothing for a device that only keeps a slot. */
  settings(device: D, grants: Grants): readonly Setting[];
}

/** The address that bhyve is told for a place. */
export function addressOf(place: Place, grants: Grants): PciAddress {
  if (place.kind === 'fixed') return place.address;
  const granted = grants.of(place.need);
  return place.printedFunction === null ? granted : { ...granted, function: place.printedFunction };
}

/**
 * The needs of a place: one PCI function, or none.
 * @param slot what the device does with the other functions of its slot; without it nobody joins it there
 */
export function placeNeeds(place: Place, slot?: SlotUse): readonly Need[] {
  if (place.kind === 'fixed') return [];
  return [slot === undefined ? place.need : { ...place.need, slot }];
}

/**
 * `-s ADDRESS,DEVICE,CONF,...` and the same as keys, bhyve(8) option `-s`, bhyve_config(5) "PCI".
 * @param word what the command line has in place of the name of the emulation
 */
export function pciSetting(
  device: DeviceNode<string>,
  address: PciAddress,
  emulation: string,
  confs: readonly Conf[],
  rule: string,
  word: Value = emulation,
): Setting {
  const node = pciKey(address);
  const words = confs.flatMap(({ word }) => (word === null ? [] : [word]));
  return argumentSetting(
    '-s',
    joined([piecesOf(formatPciAddress(address)), piecesOf(word), ...words], ','),
    exact([
      { key: `${node}.device`, value: emulation },
      ...confs.flatMap(({ entries }) => entries.map((entry) => ({ ...entry, key: `${node}.${entry.key}` }))),
    ]),
    device.origins,
    rule,
  );
}
