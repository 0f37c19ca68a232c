/** BV05, second part: controllers, input devices and interfaces that bhyve cannot have. Reported by `passes/lower`. */
import { entry, message } from '../message.ts';

export const controllers = {
  BV0530: entry({
    name: 'isa-index',
    severity: 'error',
    message: message`the ISA controller of bhyve can only have the index 0`,
    help: message`write index='0', or leave the controller out: bhyvec adds it where it is needed`,
  }),
  BV0531: entry({
    name: 'lpc-bus',
    severity: 'error',
    message: message`the LPC bridge must be on PCI bus 0, not on bus ${'bus'}`,
    help: message`write bus='0x00' in the address of the isa controller, or leave the controller out`,
  }),
  BV0532: entry({
    name: 'isa-on-arm64',
    severity: 'error',
    message: message`an arm64 guest has no ISA controller`,
    help: message`remove it: the console and the boot ROM need none there`,
  }),
  BV0533: entry({
    name: 'no-such-controller',
    severity: 'error',
    message: message`bhyve has no controller of type ${'type'}`,
    help: message`remove it: bhyve has disks on virtio, nvme and sata`,
  }),
  BV0534: entry({
    name: 'pci-root-index',
    severity: 'error',
    message: message`a PCI controller of model ${'model'} must have the index 0`,
  }),
  BV0535: entry({
    name: 'pci-controller-model',
    severity: 'error',
    message: message`bhyve has one PCI controller, of model pci-root, not '${'model'}'`,
    help: message`remove bridges and ports: all devices sit on the root bus`,
  }),
  BV0536: entry({
    name: 'virtio-serial-ports',
    severity: 'error',
    message: message`a virtio-serial controller of bhyve has up to 16 ports, not ${'ports'}`,
  }),
  BV0537: entry({
    name: 'channel-type',
    severity: 'warning',
    ignored: true,
    message: message`bhyve connects channels to unix sockets, not to type '${'type'}'`,
    label: message`left out`,
    help: message`write <channel type='unix'> with <source mode='bind' path='...'/>`,
  }),
  BV0538: entry({
    name: 'comma-in-channel',
    severity: 'error',
    message: message`${'what'} contains a comma, at which bhyve cuts its arguments`,
  }),
  BV0540: entry({
    name: 'second-usb-controller',
    severity: 'error',
    message: message`bhyve has one USB controller only`,
  }),
  BV0541: entry({
    name: 'input-bus',
    severity: 'error',
    message: message`libvirt's driver takes USB input devices only, not bus '${'bus'}'`,
    help: message`remove the device: bhyve always has a PS/2 keyboard and mouse`,
  }),
  BV0542: entry({
    name: 'input-type',
    severity: 'error',
    message: message`the only USB input device of bhyve is a tablet, not a ${'type'}`,
  }),
  BV0543: entry({
    name: 'input-count',
    severity: 'error',
    message: message`the USB controller of bhyve has exactly one tablet, not ${'count'} input devices`,
  }),
  BV0544: entry({
    name: 'usb-model',
    severity: 'error',
    message: message`bhyve has an xHCI controller, not '${'model'}'`,
    help: message`write model='nec-xhci'`,
  }),
  BV0545: entry({
    name: 'no-such-input',
    severity: 'warning',
    ignored: true,
    message: message`bhyve has no ${'bus'} ${'type'}`,
    label: message`left out`,
    help: message`a USB tablet, a PS/2 keyboard and a PS/2 mouse are all the input devices of bhyve`,
  }),
  BV0550: entry({
    name: 'interface-model',
    severity: 'error',
    message: message`the model of an interface must be virtio or e1000, not '${'model'}'`,
    help: message`write <model type='virtio'/>`,
  }),
  BV0551: entry({
    name: 'mac-derived',
    severity: 'note',
    message: message`the interface has no MAC address; it gets ${'mac'}, which follows from the guest's name`,
    help: message`write <mac address='${'mac'}'/> to keep it when the guest is renamed`,
  }),
  BV0552: entry({
    name: 'vlan-tag',
    severity: 'error',
    message: message`bhyve cannot tag the packets of an interface with a VLAN`,
    help: message`make a bridge on a vlan(4) interface and name that bridge`,
  }),
  BV0553: entry({
    name: 'slirp-address',
    severity: 'error',
    message: message`the address of a guest behind slirp cannot be set`,
    help: message`remove <ip>: slirp gives the guest 10.0.2.15`,
  }),
  BV0554: entry({
    name: 'slirp-closed',
    severity: 'warning',
    message: message`on ${'host'} a guest behind slirp cannot open connections`,
    help: message`add the capability slirp-open to a host profile if that bhyve has it, or use a bridge`,
  }),
  BV0555: entry({
    name: 'interface-type',
    severity: 'error',
    message: message`bhyve has no interfaces of type '${'type'}'`,
    help: message`use type='bridge', type='network', or type='user' for slirp`,
  }),
  BV0556: entry({
    name: 'tap-name',
    severity: 'error',
    message: message`'${'name'}' cannot be the name of a tap for bhyve`,
    help: message`a name is tap and up to 12 letters, digits, dots and underscores (only a number before 13.0); or leave it out`,
  }),
  BV0557: entry({
    name: 'forward-address',
    severity: 'error',
    message: message`slirp forwards ports of IPv4 addresses, and '${'address'}' is none`,
    help: message`write the address of the host as four numbers, or leave it out for all addresses`,
  }),
  BV0558: entry({
    name: 'forward-ports',
    severity: 'error',
    message: message`slirp forwards 1 to ${'most'} named ports, not ${'count'}`,
    help: message`name them, as in <range start='2022' to='22'/>; for more use a bridge`,
  }),
  BV0559: entry({
    name: 'forward-twice',
    severity: 'error',
    message: message`port ${'port'} of the host leads to two ports of the guest`,
    help: message`remove one of the two, or give them different addresses of the host`,
  }),
} as const;
