/** BV09: networks of one build that cannot be together on one host. Reported by `passes/fleet`. */
import { entry, message } from '../message.ts';

export const networkFleet = () => ({
  BV0910: entry({
    name: 'duplicate-network',
    severity: 'error',
    message: message`the networks '${'other'}' and '${'name'}' would both be ${'what'}`,
    help: message`give each network a name of its own, which differs in letters, digits and underscores`,
  }),
  BV0911: entry({
    name: 'network-bridge-twice',
    severity: 'error',
    message: message`the networks '${'other'}' and '${'name'}' both have the bridge ${'bridge'}`,
    help: message`name another bridge in one of the two, or leave its name out`,
  }),
  BV0912: entry({
    name: 'network-subnets-overlap',
    severity: 'error',
    message: message`the subnet ${'subnet'} of '${'name'}' overlaps ${'taken'} of '${'other'}'`,
    help: message`give one of the two another subnet: the host could not tell where an address is`,
  }),
  BV0913: entry({
    name: 'network-member-twice',
    severity: 'error',
    cannot: 'document',
    message: message`${'dev'} cannot be a member of the bridge of '${'name'}': it is ${'what'}`,
    help: message`an interface is a member of one bridge: use another one, or put the guests on that network`,
  }),
  BV0914: entry({
    name: 'network-port-twice',
    severity: 'error',
    message: message`the networks '${'other'}' and '${'name'}' both forward the ${'port'} of the host`,
    help: message`write another port in one of the two`,
  }),
  BV0915: entry({
    name: 'guest-named-networks',
    severity: 'error',
    cannot: 'document',
    message: message`a guest cannot be called '${'name'}' in a build that has networks: their folder has that name`,
    help: message`give the guest another name, or build the networks by themselves`,
  }),
  BV0916: entry({
    name: 'network-uplink-member',
    severity: 'warning',
    message: message`nothing leaves '${'name'}' by ${'dev'}: it is a member of ${'bridge'}, the bridge of '${'other'}', and has no address`,
    help: message`give the address of ${'dev'} to ${'bridge'}, and write dev='${'bridge'}'`,
  }),
});
