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

async function plan(
  files: string | readonly string[],
  format: PlanFlags['format'] = 'text',
): Promise<[number, string, string]> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => Promise.resolve(void (out += text)),
    err: (text: string) => void (err += text),
    ...{ outPalette: plain, errPalette: plain, doing: null },
  };
  const flags = { against: shop.at('out'), format, target: 'freebsd-14.3', schema: 'error' } as const;
  const status = await runPlan([files].flat(), flags, terminal);
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
      `${cd}${nic('bridge0')}${vnc('secret')}`,
      "<vcpu>4</vcpu><cpu><topology sockets='1' cores='4' threads='1'/></cpu>",
      '~ CPU topology: a socket for each vCPU becomes 1 socket of 4 cores of 1 thread  [guest-visible]',
      '~ vCPUs: 1 becomes 4  [needs restart]',
    ],
    [
      `${cd}${nic('bridge0')}${vnc('secret')}`,
      "<vcpu>1</vcpu><cpu><topology sockets='1' cores='1' threads='1'/></cpu>",
      '~ web\n    ~ its generated files change  [host only]\n1 guest',
    ],
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

test('networks that are new, changed or gone; what they are told counts after a restart of the network', async () => {
  const lab = (text = '', port = 2222, bridge = 'lab0'): string => `<network><name>lab</name>
    <metadata><b:portForward xmlns:b='https://bhyvec.org/xmlns/network/1.0' port='${String(port)}' to='10.7.0.10' toPort='22'/></metadata>
    <forward mode='nat'/><bridge name='${bridge}'/>${text}
    <ip address='10.7.0.1' prefix='24'><dhcp><range start='10.7.0.100' end='10.7.0.200'/></dhcp></ip></network>`;
  const on = `<interface type='network'><source network='lab'/><model type='virtio'/></interface>`;
  const files = [shop.put('net.xml', lab()), shop.put('on.xml', guestXml('on', on))];
  const spare = shop.put('spare.xml', `<network><name>spare</name></network>`);
  await shop.build([spare], { output: shop.at('out') });
  expect(await plan(files)).toEqual([
    2,
    [
      '+ network lab',
      '    + a new network, on bridge lab0  [host only]',
      '- network spare',
      '    - the network goes; on the host it stays up until it is stopped  [host only]',
      '+ on',
      '    + a new guest  [host only]',
      '1 guest: 1 host only',
      '2 networks: 2 host only',
      '',
    ].join('\n'),
    '',
  ]);
  const built = await shop.build(files);
  expect(built.err).toMatch(/^\+ network lab\n(?:.*\n)*2 networks: 2 host only\n$/m);
  const json = JSON.parse((await shop.build(files, { format: 'json' })).out) as unknown;
  expect(json).toMatchObject({ hosts: [{ networks: [{ network: 'lab', kind: 'unchanged', changes: [] }] }] });
  expect(await plan(files)).toEqual([0, '1 guest: 1 nothing to do\n1 network: 1 nothing to do\n', '']);

  const [restart, none] = ['  [needs restart of the network]\n', ''];
  const steps: readonly (readonly [xml: string, ...lines: readonly string[]])[] = [
    [lab('<!-- a comment -->')],
    [
      lab(none, 2223),
      `    - pf.conf: rdr pass on $uplink inet proto tcp from any to ($uplink) port 2222 -> 10.7.0.10 port 22${restart}`,
      `port 2223 -> 10.7.0.10 port 22${restart}`,
    ],
    [lab("<domain name='lab.example'/>"), `    + dnsmasq.conf: domain=lab.example${restart}`],
    [lab("<mtu size='1400'/>"), restart],
    [lab("<mac address='58:9c:fc:00:00:07'/>"), `    ~ its script changes${restart}`],
    [lab(none, 2222, 'lab1'), `    ~ bridge: lab0 becomes lab1${restart}`],
  ];
  for (const [xml, ...lines] of steps) {
    shop.put('net.xml', xml);
    const [status, out] = await plan(files);
    expect([xml, status]).toEqual([xml, lines.length === 0 ? 0 : 2]);
    for (const line of lines) expect(out).toContain(line);
    if (lines.length > 0) expect(out).toMatch(/^~ network lab\n(?:.*\n)*1 network: 1 needs restart of the network\n$/);
  }
  const [status, text] = await plan(files, 'json');
  const value: unknown = JSON.parse(text);
  expect([status, check(changesShape, value).ok]).toEqual([2, true]);
  expect(value).toMatchObject({ changed: true, networks: [{ host: null, network: 'lab', degree: 'needs-restart' }] });
  expect((await plan(files, 'markdown'))[1]).toContain(
    '### network lab: needs restart of the network\n\n| | What changes |',
  );
});

test('a network whose document goes is removed from the build, and no other', async () => {
  const network = (name: string, net: number): string =>
    shop.put(
      `${name}.xml`,
      `<network><name>${name}</name><forward mode='nat'/><ip address='10.${String(net)}.0.1' prefix='24'><dhcp><range start='10.${String(net)}.0.9' end='10.${String(net)}.0.99'/></dhcp></ip></network>`,
    );
  const [one, two, guest] = [network('one', 8), network('two', 9), shop.put('own.xml')];
  const flags = { output: shop.at('pair') };
  const folders = (): readonly string[] => shop.names('pair/networks');
  const known = (): readonly string[] => {
    const manifest = JSON.parse(shop.read('pair/manifest.json')) as { networks?: Record<string, unknown> };
    return Object.keys(manifest.networks ?? {});
  };
  await shop.build([one, two, guest], flags);
  expect([folders(), known()]).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ]);
  const before = shop.snapshot('pair/networks/two');
  const { status, err } = await shop.build([two, guest], flags);
  expect([status, err.match(/^[-+~] .*$/gm)]).toEqual([0, ['- network one']]);
  expect([folders(), known(), shop.snapshot('pair/networks/two')]).toEqual([['two'], ['two'], before]);

  shop.put('pair/networks/two/pf.conf', 'mine');
  const kept = await shop.build([guest], flags);
  expect(kept.err).toContain(
    'networks/two/pf.conf belongs to no guest or network any more, but was changed by hand: it stays',
  );
  expect([shop.files('pair/networks'), known()]).toEqual([['644 two/pf.conf'], []]);
});
