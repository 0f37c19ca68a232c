/** BV08: items of fw_cfg. Reported by the pass that lowers `<sysinfo type='fwcfg'>`. */
import { entry, message } from '../message.ts';

export const fwcfg = () => ({
  BV1820: entry({
    name: 'fwcfg-without-firmware',
    severity: 'error',
    message: message`items of fw_cfg need UEFI firmware on amd64, which offers them to the guest`,
    help: message`write <os firmware='efi'>, or pass the values on a disk: a cloud-init seed, an Ignition file`,
  }),
  BV1821: entry({
    name: 'fwcfg-name',
    severity: 'error',
    cannot: 'document',
    message: message`'${'name'}' cannot be the name of a fw_cfg item`,
    help: message`a name has 1 to ${'longest'} printable characters, no blanks and no commas: opt/org.example/config`,
  }),
  BV1822: entry({
    name: 'fwcfg-twice',
    severity: 'error',
    message: message`the fw_cfg item ${'name'} stands here twice, and bhyve keeps the last one`,
    help: message`keep one of them, or give them two names`,
  }),
});
