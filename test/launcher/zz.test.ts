/** Scratch: writes one launcher with everything. */
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { guestXml, planOf } from './guests.ts';
test('x', () => {
  for (const boot of ['uefi', 'grub', 'freebsd'] as const) {
    const xml = guestXml({ boot, nics: 1 });
    const plan = planOf(xml);
    writeFileSync(`/tmp/lt/${boot}`, launcher.emit(plan)[0]?.text ?? '');
  }
  const xml = guestXml({ boot: 'uefi', nics: 2,
    domain: "<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>",
    devices: "<graphics type='vnc' port='-1' passwd='secret'/><channel type='unix'><source mode='bind' path='/var/run/g.sock'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel><controller type='virtio-serial' index='0'/><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='2' slot='0' function='0'/></source></hostdev>" });
  const plan = planOf(xml, 'freebsd-15.1');
  writeFileSync(`/tmp/lt/all`, launcher.emit(plan)[0]?.text ?? '');
});
