/** The targets of a SCSI controller, as words and as keys. */
import { expect, test } from 'vitest';
import { emitGuest } from '../../backends/emit.ts';
import { compile } from '../../compile/compile.ts';
import { targetProfile } from '../../host/targets.ts';

test('a target is a key of its own, by its number', () => {
  const host = targetProfile('freebsd-main', 'bhyvec');
  const disk = (dev: string, target: string, address = ''): string =>
    `<disk type='ctl' device='disk'><source dev='/dev/cam/${dev}'/><target dev='${target}' bus='scsi'/>${address}</disk>`;
  const text = `<domain type='bhyve'><name>c</name><memory unit='MiB'>512</memory><os firmware='efi'><type>hvm</type></os><devices>
    ${disk('ctl1.3', 'sda', "<address type='drive' target='5'/>")}${disk('ctl1.1', 'sdb')}${disk('ctl1.2', 'sdc')}</devices></domain>`;
  if (host === null) throw new Error('there is no target freebsd-main');
  const { plan } = compile({ name: 'c.xml', text }, { host, dialect: 'bhyvec', schema: 'error', strict: false });
  const conf = plan === null ? '' : emitGuest(plan).find(({ path }) => path === 'bhyve.conf')?.text;
  expect(conf?.match(/^pci.*target.*$/gm)).toEqual([
    'pci.0.2.0.target.0=/dev/cam/ctl1.1',
    'pci.0.2.0.target.1=/dev/cam/ctl1.2',
    'pci.0.2.0.target.5=/dev/cam/ctl1.3',
  ]);
});
