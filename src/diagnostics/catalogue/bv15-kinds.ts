/** BV15: kinds of disks and serial ports that bhyve or bhyvec cannot have, told apart. Reported by `passes/lower`. */
import { entry, message } from '../message.ts';

export const kinds = () => ({
  BV1570: entry({
    name: 'scsi-needs-ctl',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve has SCSI disks of type 'ctl' only, not of type '${'type'}'`,
    help: message`write bus='sata', or export it by ctladm(8) and write type='ctl' with <source dev='/dev/cam/ctl'/>`,
  }),
  BV1571: entry({
    name: 'disk-elsewhere',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve opens files and devices of its host, no disk of type '${'type'}'`,
    help: message`attach it on the host, such as with iscsictl(8), and write type='block' with <source dev='/dev/da0'/>`,
  }),
  BV1572: entry({
    name: 'no-such-drive',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve has disks and CD-ROMs, no ${'device'}`,
    help: message`${'remedy'}`,
  }),
  BV1573: entry({
    name: 'serial-not-yet',
    severity: 'error',
    cannot: 'bhyvec',
    message: message`bhyvec cannot yet connect a serial port to type '${'type'}', which bhyve can`,
    help: message`write <serial type='nmdm'/> and attach with cu(1), or with bhyvec run --console`,
  }),
});
