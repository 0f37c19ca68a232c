/** The shape of what a guest takes, in the manifest of a build. Who only writes it needs its type alone, `takes.ts`. */
import { flag, line, list, object, oneOf, optional, orNull, text, whole, type Shape } from '../../text/shape.ts';
import { pair } from '../shapes.ts';
import { accesses, purposes } from '../host-files.ts';
import type { Takes } from './takes.ts';

/** As long as a path of a host may be, in characters. */
const longest = 4096;
const hostPath = (description: string) => line(description, { least: 1, most: longest });
const interfaceName = (description: string) =>
  text(description, { pattern: /^(?!\.+$)[A-Za-z0-9_.:-]{1,64}$/, words: 'the name of an interface' });
const port = (description: string) => whole(description, 1, 65_535);
const access = oneOf('how it is opened', accesses);
const device = text('BUS/SLOT/FUNCTION', {
  pattern: /^\d{1,3}\/\d{1,2}\/\d{1,3}$/,
  words: 'a PCI device, BUS/SLOT/FUNCTION',
});

/** All that has to be on the host, and all that the guest makes and holds there. */
export const takesShape: Shape<Takes> = object(
  'all that has to be on the host, and all that the guest makes and holds there',
  {
    memoryMib: whole('MiB of memory', 1, 2 ** 43),
    wired: flag('whether the memory cannot be paged out'),
    vcpus: whole('number of virtual CPUs', 1, 65_535),
    cpuset: orNull(line('host CPUs that it may use, as cpuset(1) reads them; null for all')),
    programs: list('the programs that run it: the loader, where there is one, and bhyve', hostPath('the program')),
    modules: list(
      'kernel modules; of each list the first one that loads will do',
      list('modules of which one will do', line('its name', { least: 1 }), { least: 1 }),
    ),
    bridges: list('bridges that have to be there', interfaceName('interface name')),
    vlanBridges: optional(
      list('those of the bridges that have to filter VLANs; absent for none', interfaceName('interface name')),
    ),
    ownTaps: optional(
      list('tap(4) interfaces that have to be there; absent for none', interfaceName('interface name')),
    ),
    taps: list(
      'tap(4) interfaces that it makes and removes',
      object('one of them', {
        name: interfaceName('interface name'),
        bridge: orNull(interfaceName('the bridge that it joins; null for none')),
        mtu: orNull(whole('null for the MTU of the bridge', 1, 65_535)),
      }),
    ),
    ports: list(
      'TCP ports that it listens on',
      object('one of them', {
        address: line('empty for every address'),
        port: port('the port'),
        last: port('above port: the first free one from port to this'),
      }),
    ),
    files: list(
      'files and device nodes that have to be there',
      object('one of them', { path: hostPath('absolute path'), purpose: oneOf('what it is for', purposes), access }),
    ),
    directories: list(
      'directories that have to be there',
      object('one of them', { path: hostPath('absolute path'), access }),
    ),
    nvram: list(
      'stores of UEFI variables, copied once and kept',
      object('one of them', {
        path: hostPath('absolute path'),
        template: orNull(hostPath('what it is copied from; null where it has to be there')),
      }),
    ),
    ppt: list('PCI devices of the host that have to be bound to ppt', device),
    managedPpt: list('PCI devices of the host that the launcher binds to ppt and gives back', device),
    sockets: list('unix sockets that bhyve makes', hostPath('absolute path')),
    nmdm: list('null-modem pairs', pair),
    tpmStates: optional(
      list(
        'directories of the states of TPMs that swtpm emulates, made and kept; absent for none',
        hostPath('absolute path'),
      ),
    ),
    limits: list('rules of rctl(8), which need kern.racct.enable=1', line('RESOURCE:ACTION=AMOUNT', { least: 1 })),
    startAfter: list('guests that have to start before this one', line('its name')),
  },
);
