/** `<vlan>` of an interface, a port group or a network (formatdomain, "Setting VLAN tag"; libvirt's netdev_vlan_conf.c). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** One VLAN that an interface takes part in. */
export interface VlanTag {
  readonly id: Located<number>;
  /** Of the VLAN that packets without a tag belong to: whether they get one on their way to the guest. */
  readonly nativeMode: Located<'tagged' | 'untagged'> | null;
}

/** The VLANs of an interface, as written. */
export interface Vlan {
  readonly at: Span;
  readonly trunk: Located<boolean> | null;
  readonly tags: readonly VlanTag[];
}

/** Reads the first `<vlan>` of an element. */
export function readVlan(parent: ElementReader): Vlan | null {
  const element = parent.child('vlan');
  if (element === null) return null;
  const { at, reporter } = element;
  const tags = element.children('tag').flatMap((tag): readonly VlanTag[] => {
    const id = tag.attribute('id');
    if (id === null) reporter.report('BV0310', tag.at, { element: 'tag', part: 'id attribute' });
    const number = readNumber(id, 'the tag of a VLAN', reporter);
    const modes = ['tagged', 'untagged'] as const;
    const nativeMode = readWord(tag.attribute('nativeMode'), modes, 'the native mode of a VLAN', reporter);
    return number === null ? [] : [{ id: number, nativeMode }];
  });
  return { at, trunk: readYesNo(element.attribute('trunk'), 'trunk', reporter), tags };
}
