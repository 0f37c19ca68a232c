/** `bhyvec plan`: what a build would change, and what it means. */
import { afterAll, expect, test } from 'vitest';
import { changesShape } from '../../src/changes/shape.ts';
import { runPlan } from '../../src/cli/commands/plan.ts';
import type { PlanFlags } from '../../src/cli/options.ts';
import { plain } from '../../src/diagnostics/render.ts';
import { check } from '../../src/text/shape.ts';
import { guestXml, openWorkshop, vnc } from './workshop.ts';

const shop = openWorkshop();
afterAll(() => {
  shop.remove();
});

async function plan(file: string, format: PlanFlags['format'] = 'text'): Promise<[number, string, string]> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => Promise.resolve(void (out += text)),
    err: (text: string) => void (err += text),
    ...{ outPalette: plain, errPalette: plain, doing: null },
  };
  const flags = { against: shop.at('out'), format, target: 'freebsd-14.3', schema: 'error' } as const;
  const status = await runPlan([file], flags, terminal);
  return [status, out, err];
}

const nic = (bridge: string): string =>
  `<interface type='bridge'><source bridge='${bridge}'/><model type='virtio'/></interface>`;
const cd = `<disk type='file' device='cdrom'><source file='/iso/a.iso'/><target dev='sda' bus='sata'/></disk>`;

test('each change has its degree; nothing is written', async () => {
  const file = shop.put('web.xml', guestXml('web', `${cd}${nic('bridge0')}${vnc('secret')}`));
  expect(await plan(file)).toEqual([2, '+ web\n    + a new guest  [host only]\n1 guest: 1 host only\n', '']);
  await shop.build([file]);
  const before = [shop.snapshot(), shop.read('bhyvec.lock')];
  expect(await plan(file)).toEqual([0, '1 guest: 1 nothing to do\n', '']);

  const steps: readonly (readonly [devices: string, domain: string, ...lines: readonly string[]])[] = [
    [`<!-- a comment -->${cd}${nic('bridge0')}${vnc('secret')}`, ''],
    [`${cd}${nic('bridge0')}${vnc('secret')}`, '<vcpu>3</vcpu>', '~ vCPUs: 1 becomes 3  [needs restart]'],
    [
      `${nic('bridge1')}${cd}${nic('bridge0')}${vnc('secret')}`,
      '',
      'the guest will see a new adapter  [guest-visible]',
    ],
    [
      `${nic('bridge0')}${vnc('secret')}`,
      '',
      '- disk /iso/a.iso on 0:2:0 port 0: the guest loses this drive  [guest-visible]',
    ],
    [`${cd}${nic('bridge7')}${vnc('secret')}`, '', 'on bridge0 becomes on bridge7  [host only]'],
    [
      `${cd.replace('a.iso', 'b.iso')}${nic('bridge0')}${vnc('secret')}`,
      '',
      '/iso/a.iso becomes /iso/b.iso  [needs restart]',
    ],
    [`${cd}${vnc('secret', 5907)}${nic('bridge0')}`, '', 'rfb 127.0.0.1:5901 becomes 127.0.0.1:5907  [host only]'],
    [`${cd}${nic('bridge0')}${vnc('secret')}`, `<uuid>0d6c7f0e-5b1c-4a43-9a6e-3d1c6a2b9f10</uuid>`, '[guest-visible]'],
  ];
  for (const [devices, domain, ...lines] of steps) {
    shop.put('web.xml', guestXml('web', devices, domain));
    const [status, out] = await plan(file);
    expect([devices, domain, status]).toEqual([devices, domain, lines.length === 0 ? 0 : 2]);
    for (const line of lines) expect(out).toContain(line);
    expect(out).not.toContain('moves from');
  }
  shop.put('web.xml', guestXml('web', `${cd}${nic('bridge0')}${vnc('secret')}`).replace('disk-of-guest', 'other'));
  expect((await plan(file))[1]).toMatch(/becomes \/vm\/other[.]img {2}\[may lose data\]\n1 guest: 1 may lose data\n$/);
  expect([shop.snapshot(), shop.read('bhyvec.lock')]).toEqual(before);

  const [status, json] = await plan(file, 'json');
  expect([status, check(changesShape, JSON.parse(json)).ok]).toEqual([2, true]);
  expect((await plan(file, 'markdown'))[1]).toContain('### web: may lose data\n\n| | What changes | What it means |\n');
});

test('a guest of another name with the same addresses is that guest; mistakes are 1', async () => {
  const renamed = shop.put(
    'www.xml',
    guestXml('www', `${cd}${nic('bridge0').replace('<source', "<mac address='52:54:00:00:00:07'/><source")}`),
  );
  await shop.build([renamed]);
  shop.put('www.xml', shop.read('www.xml').replace('<name>www', '<name>web2'));
  const [status, out] = await plan(renamed);
  expect([status, out.includes('    ~ was called www  [needs restart]')]).toEqual([2, true]);
  shop.put('www.xml', '<domain/>');
  expect((await plan(renamed))[0]).toBe(1);
});
