/** The shape of each kind of step in plan.json: its fields as they are, and the part of the XML in place of its origins. */
import { accesses, purposes } from '../../ir/host-files.ts';
import { pair } from '../../ir/shapes.ts';
import type { StepKind, StepOf } from '../../ir/steps/index.ts';
import { lastPort } from '../../ir/units.ts';
import {
  constant,
  flag,
  list,
  object,
  oneOf,
  optional,
  orNull,
  text,
  whole,
  type Fields,
  type Shape,
} from '../../text/shape.ts';
import { entry, from, hostPath, type From } from './shapes.ts';

/** A step, or one of one kind, as plan.json has it: what makes bytes is no part of a file. */
export type WrittenStep<K extends StepKind = StepKind> = {
  readonly [P in K]: Omit<StepOf<P>, 'origins' | 'at' | 'image'> & From;
}[K];

/** A step of the kind with such fields. */
function step<const K extends StepKind, const F extends Fields>(kind: K, description: string, fields: F) {
  return object(description, { kind: constant('what it is', kind), ...fields, from });
}

const interfaceName = text('interface name', { most: 15 });
const access = (description: string) => oneOf(description, accesses);

/** Every kind, in the order of a run. */
export const stepShapes: { readonly [K in StepKind]: Shape<WrittenStep<K>> } = {
  module: step('module', 'a kernel module', {
    names: list('the first one that loads will do', text('its name'), { least: 1 }),
  }),
  vcpus: step('vcpus', 'so many virtual CPUs have to be allowed (hw.vmm.maxcpu)', {
    count: whole('number of virtual CPUs', 1),
  }),
  racct: step('racct', 'resource limits need kern.racct.enable=1', {}),
  file: step('file', 'a file or device node that has to be there', {
    path: hostPath('absolute path'),
    purpose: oneOf('what it is for', purposes),
    access: access('how bhyve opens it'),
    shareable: optional(constant('there for a disk that several guests are to write to', true)),
  }),
  directory: step('directory', 'a directory that has to be there', {
    path: hostPath('absolute path'),
    access: access('what the guest may do with it'),
  }),
  nvram: step('nvram', 'the store of UEFI variables: a copy of the template, made once and kept', {
    path: hostPath('absolute path'),
    template: orNull(text('what it is copied from when it is missing; null where it has to be there')),
  }),
  ppt: step('ppt', 'a PCI device of the host that has to be bound to ppt', {
    bus: whole('decimal', 0, 255),
    slot: whole('decimal', 0, 31),
    function: whole('decimal', 0, 255),
    managed: flag('the launcher binds it to ppt, and gives it back to its driver at the end'),
  }),
  bridge: step('bridge', 'a bridge that has to be there; it is never made, changed or removed', {
    name: text('interface name'),
    service: optional(text('the service of rc(8) that makes it: that of a network of the build; absent for none')),
  }),
  tap: step('tap', 'a tap(4) interface that is made, joined to its bridge, and removed', {
    name: interfaceName,
    bridge: orNull(text('the bridge that it joins; null for none')),
    plugged: flag('false for a tap that is made and stays off its bridge'),
    addresses: list("addresses of the host's end, as ifconfig(8) takes them: inet 10.9.0.1/24", text('one of them')),
    mtu: orNull(whole('null for the MTU of the bridge', 1)),
    description: text('says whose it is, for ifconfig(8)'),
  }),
  'bridge-port': step('bridge-port', 'what a tap is as a member of its bridge', {
    tap: interfaceName,
    bridge: text('its bridge'),
    isolated: flag('kept from other isolated members'),
    vlans: orNull(
      object('its VLANs; null for a bridge that does not filter them', {
        untagged: orNull(whole('the VLAN of packets without a tag; null where there is none', 1, 4094)),
        tagged: text('the VLANs of packets with a tag, with commas between them; empty for none'),
      }),
    ),
  }),
  'own-tap': step('own-tap', 'a tap(4) interface that is there already; it is raised, and otherwise left as it is', {
    name: interfaceName,
  }),
  'switch-port': step('switch-port', 'a place on a switch of the host that only this guest has', {
    name: text('a port of vale(4), or a node and a hook of netgraph(4)'),
    node: orNull(text('the node of netgraph(4) that has to be there; null for vale(4)')),
  }),
  port: step('port', 'a TCP port that has to be free', {
    address: text('where it is listened on; empty for every address'),
    port: whole('the port', 1, lastPort),
    automatic: flag('whether the next free port will do'),
    last: whole('the last port that will do, where it is automatic', 1, lastPort),
  }),
  nmdm: step('nmdm', 'a null-modem pair; nmdm(4) makes the nodes when they are opened', { pair }),
  'device-map': step('device-map', 'a file that is made for grub-bhyve and removed', {
    path: hostPath('absolute path'),
    text: text('what is in it'),
  }),
  'grub-config': step('grub-config', 'a grub.cfg that is made for grub-bhyve and removed', {
    path: hostPath('absolute path'),
    text: text('what is in it'),
  }),
  secrets: step(
    'secrets',
    'a file of mode 0600 that is made for bhyve and removed; its lines are those of secrets.conf beside the plan',
    { path: hostPath('absolute path'), entries: list('the keys, without their values', entry, { least: 1 }) },
  ),
  seed: step('seed', 'the volume of cloud-init: seed.iso, which stands beside the launcher, is copied for each run', {
    path: hostPath('absolute path'),
    files: list(
      'what is on it, in the order of the names',
      object('one file', {
        name: text('user-data, meta-data, network-config or vendor-data'),
        size: whole('in bytes', 0),
        digest: orNull(text('follows from what the file holds; null where that is secret')),
      }),
      { least: 1 },
    ),
    secret: flag('whether only its owner may read it'),
  }),
  socket: step(
    'socket',
    'a unix socket that bhyve makes; a stale one is removed before each start, and it is removed at the end',
    { path: hostPath('absolute path') },
  ),
  swtpm: step('swtpm', 'swtpm(8), which is started before each start of bhyve and ended after it', {
    socket: hostPath('where bhyve finds it'),
    state: hostPath('the directory of its state, made with mode 0700 and kept'),
    key: orNull(text('a file with the passphrase of its state; null for none')),
  }),
};
