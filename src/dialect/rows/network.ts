/** Rows of the table of differences: network. */
import type { Difference } from '../difference.ts';

export const network = {
  'network-mtu': {
    libvirt: '`<mtu>` is dropped',
    bhyvec: '`mtu=` for virtio-net, and the tap has it too',
    reason: 'the XML asks for it',
    effect: 'the guest is told the MTU',
  },
  'network-model': {
    libvirt: 'an interface without model is an error',
    bhyvec: 'it is virtio',
    reason: 'virtio is what every guest of bhyve can use',
    effect: 'none',
  },
  'network-tap-name': {
    libvirt: '`tap0` for every interface in a dry run',
    bhyvec: 'a name of its own for each interface, from guest name and place, or `<target dev>`',
    reason: 'the launcher makes the tap under that name and knows it again after a crash',
    effect: 'none',
  },
  'network-mac': {
    libvirt: 'a random MAC address where the XML has none (52:54:00:00:00:00 in its tests and here)',
    bhyvec: 'one that follows from guest name and place of the interface',
    reason: 'the same input gives the same output',
    effect: 'the guest keeps its MAC address',
  },
  'slirp-forwards': {
    libvirt: '`<portForward>` is dropped',
    bhyvec: '`hostfwd=` with a rule for each port',
    reason: 'the XML asks for it, and without `open` nothing else makes such a network useful',
    effect: 'ports of the host lead to the guest',
  },
  'slirp-open': {
    libvirt: '`slirp,...,open` for every bhyve',
    bhyvec: '`open` only where bhyve knows it',
    reason: 'older slirp backends reject or ignore it',
    effect: 'without it the guest cannot open connections; a warning says so',
  },
  'network-port': {
    libvirt: "`<vlan>` is an error; `<port isolated>` and `<link state='down'>` have no effect",
    bhyvec: 'the tap is made a member with `untagged`, `tagged` and `private`, or stays off its bridge',
    reason: 'bridge(4) can do it, VLANs from 15.0 on',
    effect: 'the guest is on the network that the XML says, and on no other',
  },
  'network-own-tap': {
    libvirt: "an interface of type='ethernet' is an error",
    bhyvec: "a tap on no bridge: with managed='no' one that is there, else one that is made for the run",
    reason: 'bhyve takes any tap',
    effect: 'none',
  },
  'network-switches': {
    libvirt: "an interface of type='ethernet' is an error",
    bhyvec: '`<target dev="vale0:web"/>` is a port of vale(4); `<b:netgraph>` ties a target to a node of netgraph(4)',
    reason: 'bhyve has these backends, and libvirt no words for them',
    effect: 'none',
  },
} as const satisfies Record<string, Difference>;
