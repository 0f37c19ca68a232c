/** The files of a network: pf takes its anchor, dnsmasq its settings, and nothing that a document says gets out of its place. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { emitNetwork } from '../../src/backends/network/emit.ts';
import { firstOf, ipText, lastOf, parseIp, reverseZone, subnetsOfRange, subnetText } from '../../src/ir/network/ip.ts';
import { compileText, everything, fileOf, networkPlan } from './networks.ts';
import { pfFaults } from './pf-grammar.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-net-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ip = "<ip address='10.77.0.1' prefix='24'/>";
const v6 = "<ip family='ipv6' address='fd77::1' prefix='64'/>";
const port = (words: string): string =>
  `<metadata><b:portForward xmlns:b='https://bhyvec.org/xmlns/network/1.0' ${words}/></metadata>`;

const networks: readonly (readonly [string, string])[] = [
  ['isolated', ip],
  ['isolated, both families', `${ip}${v6}`],
  ['NAT', `<forward/>${ip}`],
  ['NAT by an interface', `<forward mode='nat' dev='em1'/>${ip}${v6}`],
  ['NAT of both families', `<forward><nat ipv6='yes'/></forward>${ip}${v6}`],
  [
    'NAT to a range',
    `<forward><nat><address start='192.0.2.3' end='192.0.2.9'/><port start='5000' end='6000'/></nat></forward>${ip}`,
  ],
  ['NAT to one address', `<forward><nat><address start='192.0.2.3' end='192.0.2.3'/></nat></forward>${ip}`],
  ['ports', `${port("port='2222' to='10.77.0.9' toPort='22'")}<forward/>${ip}`],
  [
    'ports of another interface',
    `${port("dev='em2' proto='udp' port='53' to='fd77::9'")}<forward mode='route' dev='em1'/>${ip}${v6}`,
  ],
  ['routed', `<forward mode='route' dev='em1'/>${ip}`],
  ['open', `<forward mode='open'/>${ip}`],
  [
    'names',
    `<forward/><domain name='lab.example'/>
     <dns forwardPlainNames='no'>
       <forwarder addr='9.9.9.9'/><forwarder domain='corp.example' addr='10.0.0.1'/><forwarder domain='none.example'/>
       <txt name='hello' value='a, "b" and \\ c'/><srv service='ldap' protocol='tcp' domain='lab.example' target='db' port='389' priority='1' weight='2'/>
       <host ip='10.77.0.5'><hostname>db</hostname><hostname>www.lab.example</hostname></host>
     </dns>
     <ip address='10.77.0.1' netmask='255.255.255.0' localPtr='yes'><tftp root='/srv/tftp'/><dhcp>
       <range start='10.77.0.100' end='10.77.0.120'><lease expiry='0'/></range><range start='10.77.0.200' end='10.77.0.220'/>
       <host mac='58:9c:fc:00:00:01' name='db' ip='10.77.0.5'><lease expiry='2' unit='hours'/></host>
       <bootp file='pxe.0' server='10.77.0.2'/></dhcp></ip>
     <ip family='ipv6' address='fd77::1' prefix='64'><dhcp><range start='fd77::100' end='fd77::1ff'/>
       <host id='0:3:0:1:58:9c:fc:0:0:1' name='db' ip='fd77::5'/></dhcp></ip>
     <d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'><d:option value='dhcp-option=42,0.0.0.0'/></d:options>`,
  ],
  [
    'hosts alone',
    `<ip address='10.77.0.1' prefix='24'><dhcp><host mac='58:9c:fc:00:00:01' ip='10.77.0.5'/></dhcp></ip>`,
  ],
  [
    'no names',
    `<dns enable='no'/><ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.5' end='10.77.0.9'/></dhcp></ip>`,
  ],
];
const plans = networks.map(
  ([title, inner]) => [title, networkPlan(`<network><name>lab</name>${inner}</network>`)] as const,
);

describe.each(plans)('%s', (_, plan) => {
  test('its anchor is one of pf', () => {
    expect(pfFaults(fileOf(plan, 'pf.conf'))).toEqual([]);
  });
});

test('the grammar refuses what is none', () => {
  const wrong = [
    'nat on em0 from any',
    'block drop in quick on "a" inet from any to <own>',
    'pass all',
    'table <own> const { x }',
  ];
  expect(wrong.map((line) => pfFaults(line).length > 0)).toEqual(wrong.map(() => true));
  expect(
    pfFaults('block drop in quick on "a" inet from any to any\nnat on "a" inet from any to any -> 1.2.3.4 port 1:2'),
  ).toHaveLength(1);
});

test('dnsmasq takes the settings, where it is installed', () => {
  const answers = plans.map(([title, plan], i) => {
    const file = path.join(folder, `${String(i)}.conf`);
    writeFileSync(file, fileOf(plan, 'dnsmasq.conf'));
    const run = spawnSync('dnsmasq', ['--test', '-C', file], { encoding: 'utf8' });
    return run.error === undefined && run.status !== 0 ? `${title}: ${run.stderr}` : '';
  });
  expect(answers.filter((answer) => answer !== '')).toEqual([]);
});

test('the settings, line by line', () => {
  const settings = (title: string): readonly string[] => {
    const plan = plans.find(([name]) => name === title)?.[1];
    return plan === undefined ? [] : fileOf(plan, 'dnsmasq.conf').split('\n');
  };
  expect(settings('names')).toEqual(
    expect.arrayContaining([
      'server=/none.example/',
      'server=/corp.example/10.0.0.1',
      String.raw`txt-record=hello,"a, \"b\" and \\ c"`,
      'srv-host=_ldap._tcp.lab.example,db,389,1,2',
      'host-record=db,www.lab.example,10.77.0.5',
      'local=/0.77.10.in-addr.arpa/',
      'dhcp-range=10.77.0.100,10.77.0.120,255.255.255.0,infinite',
      'dhcp-host=58:9c:fc:00:00:01,10.77.0.5,db,7200',
      'dhcp-host=id:0:3:0:1:58:9c:fc:0:0:1,[fd77::5],db',
      'dhcp-boot=pxe.0,,10.77.0.2',
      'dhcp-option=42,0.0.0.0',
    ]),
  );
  expect(settings('isolated')).toEqual(expect.arrayContaining(['no-resolv', 'interface=brlab0']));
  expect(settings('hosts alone')).toEqual(expect.arrayContaining(['dhcp-option=3', 'dhcp-range=10.77.0.0,static']));
  expect(settings('no names')).toContain('port=0');
});

test('open networks and bridges that are there need no files of others', () => {
  const names = (inner: string): readonly string[] =>
    emitNetwork(networkPlan(`<network><name>lab</name>${inner}</network>`)).map((file) => file.path);
  expect(names(`<forward mode='open'/>${ip}`)).toEqual(['net', 'rc.d/bhyvec_net_lab', 'dnsmasq.conf']);
  expect(names("<forward mode='bridge' dev='em1'/>")).toEqual(['net', 'rc.d/bhyvec_net_lab']);
  expect(names("<forward mode='bridge'/><bridge name='bridge0'/>")).toEqual([]);
});

test('names that a shell, pf or dnsmasq would read otherwise are refused', () => {
  const hostile = ["a'b", 'a b', '$(id)', 'a;b', '../x', '-a'];
  const places = (text: string): readonly string[] => [
    `<network><name>${text}</name></network>`,
    `<network><name>a</name><bridge name='${text.replaceAll("'", '&apos;')}'/></network>`,
    `<network><name>a</name><forward mode='bridge' dev='${text.replaceAll("'", '&apos;')}'/></network>`,
    `<network><name>a</name><domain name='${text.replaceAll("'", '&apos;')}'/>${ip}</network>`,
  ];
  const taken = hostile.flatMap(places).filter((text) => compileText(text).network?.plan != null);
  expect(taken).toEqual([]);
});

test('the same document gives the same bytes, whatever was compiled before', () => {
  const files = (): string => JSON.stringify(emitNetwork(networkPlan(everything)));
  expect(files()).toBe(files());
});

describe('addresses', () => {
  test.each([
    ['10.77.0.1', '10.77.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['fd77::1', 'fd77::1'],
    ['FD77:0:0:0:0:0:0:1', 'fd77::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s', (text, written) => {
    const found = parseIp(text);
    expect(found === null ? null : ipText(found)).toBe(written);
  });

  test.each([
    '',
    '10.77.0',
    '10.77.0.256',
    '10.77.0.01',
    '10.77.0.1.2',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'fd77::g',
    '::1.2.3',
    '1:2:3:4:5:6:7:8::',
  ])('%j is none', (text) => {
    expect(parseIp(text)).toBeNull();
  });

  test('a range falls apart into the fewest subnets, which are the range again', () => {
    const [start, end] = ['192.0.2.3', '192.0.2.9'].map((text) => parseIp(text));
    if (start == null || end == null) throw new Error('these are addresses');
    const subnets = subnetsOfRange(start, end);
    expect(subnets.map(subnetText)).toEqual(['192.0.2.3/32', '192.0.2.4/30', '192.0.2.8/31']);
    expect(
      subnets
        .map((subnet) => [firstOf(subnet).value, lastOf(subnet).value])
        .flat()
        .at(-1),
    ).toBe(end.value);
  });

  test('zones that name them backwards', () => {
    const zone = (text: string, prefix: number): string | null => {
      const address = parseIp(text);
      return address === null ? null : reverseZone({ address, prefix });
    };
    expect(zone('10.77.0.1', 24)).toBe('0.77.10.in-addr.arpa');
    expect(zone('fd77::1', 16)).toBe('7.7.d.f.ip6.arpa');
    expect(zone('10.77.0.1', 25)).toBeNull();
  });
});
