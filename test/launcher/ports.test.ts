/** What a tap is on its bridge while the guest runs: VLANs, isolation, a cable that is not plugged in; and taps on no bridge. */
import { afterAll, describe, expect, test } from 'vitest';
import { derivedUnit } from '../../src/ir/names.ts';
import { Guest, hosts } from './guest.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const onBridge = (parts: string): string =>
  `<interface type='bridge'><source bridge='bridge0'/><target dev='tapg'/>${parts}<model type='virtio'/></interface>`;
const loose = (parts: string): string => `<interface type='ethernet'>${parts}<model type='virtio'/></interface>`;

/** What ifconfig(8) says of an interface in the second turn of the guest; the host is as it was in the end. */
async function inSecondTurn(guest: Guest, name: string): Promise<string> {
  guest.host.script('g', 'exit:0', 'run');
  const running = guest.host.start(guest.launch, ['run']);
  await guest.host.waitFor(() => guest.starts() === 2);
  await guest.untilUp();
  const { stdout } = await guest.host.run('ifconfig', [name]);
  running.kill('SIGTERM');
  expect((await running.done).status).toBe(0);
  expect(guest.look()).toBe(guest.before);
  return stdout;
}

describe.concurrent('a tap on its bridge', () => {
  test.each([
    ["<vlan><tag id='42'/></vlan>", /tapg flags=\S+AUTOPTP>\n.* untagged 42\n/],
    ["<vlan><tag id='10'/><tag id='20' nativeMode='untagged'/></vlan>", / untagged 20 tagged 10\n/],
    [
      "<vlan trunk='yes'><tag id='30'/><tag id='12'/></vlan><port isolated='yes'/>",
      /PRIVATE>\n.*2000000 tagged 12,30\n/,
    ],
  ])('has the VLANs that the XML says: %s', async (parts, said) => {
    const guest = new Guest({ nics: 0, devices: onBridge(parts) }, 'freebsd-15.0');
    expect(await inSecondTurn(guest, 'bridge0')).toMatch(said);
  });

  test('is kept from others on every release', async () => {
    const guest = new Guest({ nics: 0, devices: onBridge("<port isolated='yes'/>") }, 'freebsd-13.5');
    expect(await inSecondTurn(guest, 'bridge0')).toMatch(/tapg flags=\S+,PRIVATE>/);
  });

  test('is no member where the cable is not plugged in', async () => {
    const guest = new Guest({ nics: 0, devices: onBridge("<link state='down'/>") });
    expect(await inSecondTurn(guest, 'bridge0')).not.toContain('tapg');
  });

  test('a bridge that does not filter VLANs is told before anything is made', async () => {
    const devices = onBridge("<vlan><tag id='42'/></vlan>");
    const guest = new Guest({ nics: 0, devices }, 'freebsd-15.0', { bridges: ['bridge0'] });
    const { status, stderr } = await guest.verb('check');
    expect([status, stderr]).toEqual([
      6,
      expect.stringContaining('bridge0 does not filter VLANs: ifconfig bridge0 vlanfilter'),
    ]);
    expect((await guest.verb('run')).status).toBe(6);
    expect(guest.look()).toBe(guest.before);
  });
});

describe.concurrent('a tap on no bridge', () => {
  test('is made with its addresses, and has them in the second turn, too', async () => {
    const ips = "<source><ip address='10.9.0.1' prefix='30'/><ip address='fd00:9::1' prefix='64'/></source>";
    const guest = new Guest({ nics: 0, devices: loose(`${ips}<target dev='tapg'/>`) });
    const said = await inSecondTurn(guest, 'tapg');
    expect(said).toContain('inet 10.9.0.1/30');
    expect(said).toContain('fd00:9::1/64');
    expect(said).toContain('Opened by PID');
  });

  const own = { nics: 0, devices: loose("<target dev='tap5' managed='no'/>") };
  test('of the user is raised, and still there at the end', async () => {
    const guest = new Guest(own);
    expect(await inSecondTurn(guest, 'tap5')).toMatch(/^tap5: flags=\S*<UP,/);
    expect((await guest.host.run('ifconfig', ['-l'])).stdout).toContain('tap5');
  });

  test('of the user that is not there, or that another process has open, is told', async () => {
    const guest = new Guest(own, 'freebsd-14.3', { taps: [] });
    expect((await guest.verb('check')).stderr).toContain('the tap tap5 is not there: ifconfig tap create name tap5');
    const second = new Guest(own);
    second.host.script('g', 'run');
    const running = second.host.start(second.launch, ['run']);
    await second.untilUp();
    expect((await second.host.run('ifconfig', ['tap5'])).stdout).toContain('Opened by PID');
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
  });
});

describe.concurrent('the number by which a tap is made', () => {
  test.each([
    ['under another name', ['name', 'theirs']],
    ['under its own', []],
  ])('is another one where somebody has it, %s', async (_title, words) => {
    const guest = new Guest({ nics: 0, devices: onBridge('') });
    const unit = derivedUnit('tap', 'tapg');
    await guest.host.run('ifconfig', [unit, 'create', ...words]);
    const before = guest.look();
    const running = guest.host.start(guest.launch, ['run']);
    await guest.untilUp();
    expect(guest.look()).toContain(`tapg | kind=tap unit=tap${String(Number(unit.slice(3)) + 1)} `);
    running.kill('SIGTERM');
    expect((await running.done).stderr).not.toContain('exist');
    expect(guest.look()).toBe(before);
  });

  test('that the XML says is of no use when somebody else was faster, whose tap stays as it is', async () => {
    const guest = new Guest({ nics: 0, devices: loose("<target dev='tap5'/>") });
    guest.host.pause(1, { pattern: 'ifconfig tap5 create*' });
    const running = guest.host.start(guest.launch, ['run']);
    await guest.host.pausedOrOver(running);
    await guest.host.run('ifconfig', ['tap5', 'create']);
    const { stdout: made } = await guest.host.run('ifconfig', ['tap5']);
    guest.host.release();
    expect((await running.done).stderr).toMatch(/already exists[^]*cannot make the interface tap5/);
    expect((await guest.host.run('ifconfig', ['tap5'])).stdout).toBe(made);
  });
});
