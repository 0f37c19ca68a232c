/** BV15: networks of interfaces. Reported by the passes that lower interfaces. */
import { entry, message } from '../message.ts';

export const network = () => ({
  BV1560: entry({
    name: 'vlan-tag-range',
    severity: 'error',
    message: message`a VLAN has a number from ${'least'} to ${'most'}, not ${'id'}`,
    help: message`write the number that the switch has for it; without <vlan> packets have no tag`,
  }),
  BV1561: entry({
    name: 'vlan-native-tagged',
    severity: 'error',
    cannot: 'freebsd',
    message: message`bridge(4) sends the packets of a native VLAN without a tag: ${'id'} cannot be tagged`,
    help: message`write nativeMode='untagged', or leave it out: the guest then has the tag in both directions`,
  }),
  BV1562: entry({
    name: 'vlan-trunk',
    severity: 'error',
    message: message`${'problem'}`,
    help: message`write trunk='yes' for several VLANs, with nativeMode='untagged' at one of them at most`,
  }),
  BV1563: entry({
    name: 'link-down',
    severity: 'note',
    message: message`the tap stays off its bridge: nothing passes, though the guest sees a link`,
    help: message`ifconfig BRIDGE addm TAP plugs it in while the guest runs; state='up' for good`,
  }),
  BV1564: entry({
    name: 'own-tap-without-name',
    severity: 'error',
    message: message`managed='no' is a tap that is there already, and nothing says which one`,
    help: message`name it: <target dev='tap5' managed='no'/>; or leave managed out, and one is made for the run`,
  }),
  BV1565: entry({
    name: 'own-tap-as-it-is',
    severity: 'warning',
    ignored: true,
    message: message`a tap of your own is used as it is: ${'what'} is not set`,
    label: message`left to you`,
    help: message`set it with ifconfig(8) where you make the tap, and remove it here`,
  }),
  BV1578: entry({
    name: 'vale-port',
    severity: 'error',
    message: message`'${'name'}' is no port of vale(4)`,
    help: message`write vale, a switch, : and a port, of letters, digits and _: vale0:web; ${'longest'} characters at most`,
  }),
  BV1579: entry({
    name: 'no-host-end',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} is no interface of the host: no address is set`,
    label: message`left out`,
    help: message`remove it, and give an address to an interface that you attach to the switch`,
  }),
});
