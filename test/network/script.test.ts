/** The script of a network on the stand-in host: what it makes, what it refuses, and that it leaves nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { root } from '../../scripts/bundling.mjs';
import { Bench, everything, fileOf, installNetwork, networkPlan } from './networks.ts';

const benches: Bench[] = [];
function bench(...given: ConstructorParameters<typeof Bench>): Bench {
  const made = new Bench(...given);
  benches.push(made);
  return made;
}

afterAll(() => {
  for (const { host } of benches) host.dispose();
});

test('the network of examples/nat-lab is made with its forwarded ports, and unmade', async () => {
  const lab = bench(readFileSync(path.join(root, 'examples/nat-lab/natlab.xml'), 'utf8'));
  expect(await lab.verb('check')).toMatchObject({ status: 0, stderr: '' });
  expect(await lab.verb('start')).toMatchObject({ status: 0, stderr: '', stdout: 'natlab: is up: natlab0\n' });
  const anchor = await lab.anchor();
  expect(anchor).toContain('nat on em0 inet from 10.77.0.0/24');
  expect(anchor.match(/port \d+ -> \S+ port \d+/g)).toEqual([
    'port 2222 -> 10.77.0.11 port 22',
    'port 8080 -> 10.77.0.12 port 80',
  ]);
  expect(await lab.verb('stop')).toMatchObject({ status: 0, stderr: '' });
  expect(lab.look()).toBe(lab.before);
});

describe('a network with all that there is', () => {
  test('is made, says so, and is unmade', async () => {
    const lab = bench();
    const start = await lab.verb('start');
    expect(start).toMatchObject({ status: 0, stderr: '', stdout: 'lab: is up: lab0\n' });
    const state = lab.look();
    expect(state).toMatch(
      /^lab0 \| kind=bridge unit=bridge[12]\d{4} mtu=1400 up \| groups=bhyvec bridge \| addresses=10\.77\.0\.1\/24 fd77::1\/64 /m,
    );
    expect(state).toContain('net.inet.ip.forwarding=1');
    expect(state).toContain('net.inet6.ip6.forwarding=1');
    expect(state).toContain('-inet/10.78.0.0/24 10.77.0.2');
    expect(lab.host.processes().map(({ label }) => label)).toEqual([
      '/usr/local/sbin/dnsmasq --conf-file=/usr/local/libexec/bhyvec/networks/lab/dnsmasq.conf',
    ]);
    expect(await lab.anchor()).toContain(
      'nat on em0 inet from 10.77.0.0/24 to ! 10.77.0.0/24 -> (em0:0) port 1024:65535\n',
    );
    expect(await lab.verb('status')).toMatchObject({
      status: 0,
      stdout: 'lab: is up: lab0, interfaces of guests: 0\n',
    });
    expect(await lab.verb('start')).toMatchObject({ status: 0, stdout: 'lab: is up already: lab0\n' });
    expect(await lab.verb('restart')).toMatchObject({ status: 0, stdout: 'lab: is down\nlab: is up: lab0\n' });
    expect(await lab.verb('stop')).toMatchObject({ status: 0, stderr: '', stdout: 'lab: is down\n' });
    expect(lab.look()).toBe(lab.before);
    expect(await lab.verb('status')).toMatchObject({ status: 3 });
    expect(await lab.verb('stop')).toMatchObject({ status: 0, stdout: 'lab: is not up\n' });
  });

  test('never touches the rules of the user', async () => {
    const lab = bench();
    await lab.verb('start');
    await lab.verb('stop');
    const loads = lab.host.history().filter(({ argv: [program] }) => program === 'pfctl');
    const changes = loads.filter(({ argv }) => argv.includes('-f') || argv.includes('-F'));
    expect(changes.length).toBe(4);
    expect(changes.filter(({ argv }) => argv[argv.indexOf('-a') + 1] !== 'bhyvec/lab')).toEqual([]);
  });

  test.runIf(full)('stays while guests are on it, and goes when that is wanted', async () => {
    const lab = bench(everything, { taps: ['tap7'] });
    await lab.verb('start');
    await lab.host.run('ifconfig', ['lab0', 'addm', 'tap7']);
    const stop = await lab.verb('stop');
    expect(stop).toMatchObject({ status: 1 });
    expect(stop.stderr).toContain('guests are on lab0: tap7: stop them first');
    expect(await lab.verb('status')).toMatchObject({ stdout: 'lab: is up: lab0, interfaces of guests: 1\n' });
    expect(await lab.verb('destroy')).toMatchObject({ status: 0 });
    expect(lab.look()).toContain('tap7 | kind=tap unit=tap7 mtu=1500 down');
    expect(lab.look()).not.toContain('lab0');
  });

  test.runIf(full)('is a service, which waits for its variable', async () => {
    const lab = bench();
    const off = await lab.host.run('service', ['bhyvec_net_lab', 'start']);
    expect(`${off.stdout}${off.stderr}`).toContain('bhyvec_net_lab_enable');
    expect(lab.look()).not.toContain('lab0');
    writeFileSync(lab.host.path('/etc/rc.conf'), 'bhyvec_net_lab_enable="YES"\n');
    expect(await lab.host.run('service', ['bhyvec_net_lab', 'start'])).toMatchObject({ status: 0 });
    expect(await lab.host.run('service', ['bhyvec_net_lab', 'status'])).toMatchObject({ status: 0 });
    expect(await lab.host.run('service', ['bhyvec_net_lab', 'restart'])).toMatchObject({ status: 0 });
    expect(await lab.host.run('service', ['bhyvec_net_lab', 'stop'])).toMatchObject({ status: 0 });
    writeFileSync(lab.host.path('/etc/rc.conf'), '');
    expect(lab.look()).toBe(lab.before);
  });
});

describe('what is not there is told, and nothing is made', () => {
  test.each([
    ['a bridge of that name', { bridges: ['lab0'] }, 'the interface lab0 is there already'],
    ['no pf', { pf: undefined }, 'pf is not at work: sysrc pf_enable=YES'],
    ['rules that ask for nothing', { pf: ['pass all'] }, 'write the line nat-anchor "bhyvec/*" into pf.conf'],
    [
      'rules that ask for the half',
      { pf: ['nat-anchor "bhyvec/*" all'] },
      'write the line anchor "bhyvec/*" into pf.conf',
    ],
    ['no way out', { defaultRoute: '' }, 'there is no default route'],
  ] as const)('%s', async (_, options, message) => {
    const { pf, ...rest } = {
      pf: ['nat-anchor "bhyvec/*" all', 'rdr-anchor "bhyvec/*" all', 'anchor "bhyvec/*" all'],
      ...options,
    };
    const bridges = 'bridges' in rest ? { bridges: [...rest.bridges] } : {};
    const route = 'defaultRoute' in rest ? { defaultRoute: rest.defaultRoute } : {};
    const lab = new Bench(everything, { ...bridges, ...route, ...(pf === undefined ? {} : { pf: [...pf] }) });
    if (pf === undefined) {
      rmSync(lab.host.path('/dev/pf'));
      rmSync(lab.host.path('/.host/pf/main'));
    }
    benches.push(lab);
    const before = lab.look();
    const check = await lab.verb('check');
    expect(check.stderr).toContain(message);
    const start = await lab.verb('start');
    expect(start.status).not.toBe(0);
    expect(start.stderr).toContain(message);
    expect(lab.look()).toBe(before);
  });

  test('an uplink that is missing, or has an address', async () => {
    const text = "<network><name>lan</name><forward mode='bridge' dev='em9'/></network>";
    const missing = bench(text);
    expect((await missing.verb('start')).stderr).toContain('the interface em9 is not there');
    const lan = bench(text.replace('em9', 'em0'));
    expect((await lan.verb('start')).stderr).toContain(
      'em0 has an address, which a member of a bridge cannot have from FreeBSD 15.0 on',
    );
    expect(lan.look()).toBe(lan.before);
    const older = bench(text.replace('em9', 'em0'), {}, 'freebsd-14.3');
    expect(await older.verb('start')).toMatchObject({ status: 0, stderr: '' });
    expect(older.look()).toContain('members=em0');
    expect(await older.verb('stop')).toMatchObject({ status: 0 });
    expect(older.look()).toBe(older.before);
  });
});

describe('forwarding', () => {
  const net = (name: string, subnet: string): string =>
    `<network><name>${name}</name><forward mode='route'/><ip address='${subnet}.1' prefix='24'/></network>`;

  test.runIf(full)('stays on for the last network that needs it, and is as it was then', async () => {
    const one = bench(net('one', '10.1.0'));
    const two = installNetwork(one.host, networkPlan(net('two', '10.2.0')));
    const before = one.look();
    const forwarding = (): boolean => one.look().includes('net.inet.ip.forwarding=1');
    await one.verb('start');
    await one.host.run(two, ['start']);
    await one.verb('stop');
    expect(forwarding()).toBe(true);
    await one.verb('start');
    await one.host.run(two, ['stop']);
    expect(forwarding()).toBe(true);
    await one.verb('stop');
    expect(one.look()).toBe(before);
  });

  test.runIf(full)('that the administrator has turned on stays on', async () => {
    const one = bench(net('one', '10.1.0'), { sysctls: { 'net.inet.ip.forwarding': '1' } });
    await one.verb('start');
    await one.verb('stop');
    expect(one.look()).toBe(one.before);
  });
});

describe('an isolated network', () => {
  const text = "<network><name>inner</name><ip address='10.9.0.1' prefix='24'/></network>";

  test.runIf(full)('needs no pf where the host forwards nothing', async () => {
    const inner = bench(text);
    rmSync(inner.host.path('/dev/pf'));
    const before = inner.look();
    expect(await inner.verb('start')).toMatchObject({ status: 0, stderr: '' });
    expect(await inner.verb('stop')).toMatchObject({ status: 0, stderr: '' });
    expect(inner.look()).toBe(before);
  });

  test.runIf(full)('is kept from a host that forwards by rules, or does not start', async () => {
    const kept = bench(text, { sysctls: { 'net.inet.ip.forwarding': '1' } });
    expect(await kept.verb('start')).toMatchObject({ status: 0, stderr: '' });
    expect(await kept.anchor()).toContain('block drop in quick on "brinner0" inet from any to ! <own>\n');
    const open = bench(text, { sysctls: { 'net.inet.ip.forwarding': '1' }, pf: ['pass all'] });
    expect((await open.verb('start')).stderr).toContain('write the line anchor "bhyvec/*"');
  });
});

test('VLANs: the bridge filters, and the uplink has all of them', async () => {
  const lan = bench(
    `<network><name>lan</name><forward mode='bridge' dev='em1'/>
      <portgroup name='dmz'><vlan><tag id='20'/></vlan></portgroup></network>`,
    { bridges: ['other'], taps: ['em1'] },
  );
  expect(await lan.verb('start')).toMatchObject({ status: 0, stderr: '' });
  expect(lan.look()).toMatch(/^brlan0 .* flags=em1:tagged=1-4094 vlanfilter /m);
  expect(await lan.verb('stop')).toMatchObject({ status: 0 });
  expect(lan.look()).toBe(lan.before);
});

describe('a network for one VLAN before FreeBSD 15.0', () => {
  const text = "<network><name>dmz</name><forward mode='bridge' dev='igb0'/><vlan><tag id='20'/></vlan></network>";

  test('has a vlan(4) interface of its own, which goes with it', async () => {
    const dmz = bench(text, { nics: ['igb0'] }, 'freebsd-14.3');
    expect(await dmz.verb('check')).toMatchObject({ status: 0, stderr: '' });
    expect(await dmz.verb('start')).toMatchObject({ status: 0, stderr: '' });
    const state = dmz.look();
    expect(state).toMatch(
      /^igb0[.]20 [|] kind=vlan .* up [|] groups=bhyvec vlan .*bridge=brdmz0 .*flags=vlan=20 vlandev=igb0/m,
    );
    expect(state).toMatch(/^brdmz0 .*members=igb0[.]20/m);
    expect(await dmz.verb('restart')).toMatchObject({ status: 0, stderr: '' });
    expect(await dmz.verb('stop')).toMatchObject({ status: 0, stderr: '' });
    expect(dmz.look()).toBe(dmz.before);
  });

  test.runIf(full)('is not made where the interface is missing, or its VLAN there already, which stays', async () => {
    const missing = bench(text, {}, 'freebsd-14.3');
    expect((await missing.verb('start')).stderr).toContain('the interface igb0 is not there: ifconfig -l lists those');
    const taken = bench(text, { nics: ['igb0', 'igb0.20'] }, 'freebsd-14.3');
    expect((await taken.verb('start')).stderr).toContain('igb0.20 is there already, and not made for this network');
    await taken.verb('clean');
    expect(taken.look()).toBe(taken.before);
  });
});

test('a file of its own that cannot be written is told, and all is unmade', async () => {
  const lab = bench();
  // Where the file would be there is a folder.
  mkdirSync(path.join(lab.host.root, 'var/run/bhyvec-networks/lab/up'), { recursive: true });
  const start = await lab.verb('start');
  expect(start).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`lab: cannot write to /var/run/bhyvec-networks/lab\n`) as string,
  });
  expect(lab.look()).not.toContain('lab0');
});

test.runIf(full)('a bridge that was removed by hand leaves nothing behind', async () => {
  const lab = bench();
  await lab.verb('start');
  await lab.host.run('ifconfig', ['lab0', 'destroy']);
  expect(await lab.verb('status')).toMatchObject({ status: 1 });
  expect(await lab.verb('clean')).toMatchObject({ status: 0 });
  expect(lab.look()).toBe(lab.before);
});

test.each(oneOf(2, ['sh', 'dash']))('%s takes the script, and shellcheck has nothing to say', (shell) => {
  const text = fileOf(networkPlan(everything), 'net');
  const run = spawnSync(shell, ['-n'], { input: text });
  expect(run.error === undefined ? run.status : 0).toBe(0);
  if (!full) return;
  const check = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' });
  expect(check.error === undefined ? check.stdout : '').toBe('');
});
