/** BV25: documents of networks, and interfaces that are on them. Reported by `passes/network` and where interfaces are lowered. */
import { entry, message } from '../message.ts';

export const networks = () => ({
  BV2500: entry({
    name: 'network-mode',
    severity: 'error',
    cannot: 'bhyve',
    message: message`a network of mode '${'mode'}' gives guests devices of the host, which bhyve cannot share out so`,
    help: message`use mode='bridge' with dev, or give each guest a device by <hostdev>`,
  }),
  BV2501: entry({
    name: 'network-lacks',
    severity: 'error',
    message: message`a network of mode '${'mode'}' needs ${'part'}`,
    help: message`write ${'example'}`,
  }),
  BV2502: entry({
    name: 'network-part-unfit',
    severity: 'error',
    cannot: 'document',
    message: message`${'what'} cannot be had: ${'reason'}`,
    help: message`${'help'}`,
  }),
  BV2503: entry({
    name: 'network-address',
    severity: 'error',
    message: message`${'what'} '${'value'}' ${'problem'}`,
    help: message`write ${'example'}`,
  }),
  BV2504: entry({
    name: 'network-outside',
    severity: 'error',
    message: message`${'what'} ${'value'} is outside of ${'subnet'}`,
    help: message`write an address of the subnet other than that of the host, or widen the subnet`,
  }),
  BV2505: entry({
    name: 'network-twice',
    severity: 'error',
    message: message`${'what'} '${'value'}' is there already in this network`,
    help: message`remove one of the two, or write another one`,
  }),
  BV2506: entry({
    name: 'network-name',
    severity: 'error',
    cannot: 'document',
    message: message`${'what'} cannot be '${'value'}'`,
    help: message`${'accepted'}`,
  }),
  BV2507: entry({
    name: 'unknown-portgroup',
    severity: 'error',
    message: message`the network '${'network'}' has no port group '${'group'}'`,
    help: message`${'known'}`,
  }),
  BV2508: entry({
    name: 'network-two-bridges',
    severity: 'error',
    message: message`the network '${'network'}' is the bridge ${'document'} by its document, ${'profile'} by the host profile`,
    help: message`name ${'document'} in the profile, or remove the network from it`,
  }),
  BV2509: entry({
    name: 'network-without-vlan',
    severity: 'error',
    message: message`the network '${'network'}' keeps VLANs apart, and the interface is in none: nothing would pass`,
    help: message`name a port group by portgroup, or write <vlan><tag id='...'/></vlan>`,
  }),
});
