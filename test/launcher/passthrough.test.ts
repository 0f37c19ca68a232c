/** Devices of the host: bound for the guest where the XML asks for it, given back, and left alone where they were set aside. */
import { afterAll, describe, expect, test } from 'vitest';
import { Guest, hosts } from './guest.ts';
import type { GuestOptions } from './guests.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const lent = (managed: 'yes' | 'no'): GuestOptions => ({
  devices:
    `<hostdev mode='subsystem' type='pci' managed='${managed}'>` +
    "<source><address bus='2' slot='0' function='1'/></source></hostdev>",
});

async function driver({ host }: Guest): Promise<string> {
  return (await host.run('pciconf', ['-l'])).stdout.split('@')[0] ?? '';
}

describe.concurrent('passthrough', () => {
  test('a managed device is bound in all turns, and its driver has it at the end', async () => {
    const guest = new Guest({ ...lent('yes'), onReboot: 'restart' });
    guest.host.script('g', 'exit:0', 'run');
    expect(await driver(guest)).toBe('igb0');
    const running = guest.host.start(guest.launch, ['run']);
    await guest.host.waitFor(() => guest.starts() === 2);
    await guest.untilUp();
    expect(await driver(guest)).toBe('ppt0');
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    expect(await driver(guest)).toBe('igb0');
    expect(guest.look()).toBe(guest.before);
  });

  test.each(['none', 'ixl3'])('one that had the driver %s has it again', async (before) => {
    const guest = new Guest(lent('yes'), 'freebsd-14.3', { pci: [`2/0/1=${before}`] });
    const name = await driver(guest);
    guest.host.script('g', 'exit:1');
    expect((await guest.verb('run')).status).toBe(0);
    expect(await driver(guest)).toBe(name);
  });

  test('one that was set aside stays so', async () => {
    const guest = new Guest(lent('yes'), 'freebsd-14.3', { ppt: ['2/0/1'], pci: [] });
    guest.host.script('g', 'exit:1');
    expect((await guest.verb('run')).status).toBe(0);
    expect(await driver(guest)).toBe('ppt0');
    expect(guest.host.history().filter(({ argv }) => argv[0] === 'devctl')).toEqual([]);
  });

  test('clean gives back what a killed launcher had bound', async () => {
    const guest = new Guest(lent('yes'));
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run']);
    await guest.untilUp();
    running.kill('SIGKILL');
    await running.done;
    expect((await guest.verb('clean')).status).toBe(0);
    expect(await driver(guest)).toBe('igb0');
    expect(guest.look()).toBe(guest.before);
  });

  test('what is neither managed nor bound, or not there, is a miss that says what to do', async () => {
    const unbound = new Guest(lent('no'), 'freebsd-14.3', { ppt: [], pci: ['2/0/1=igb0'] });
    expect(await unbound.verb('check')).toMatchObject({
      status: 6,
      stderr: expect.stringContaining("managed='yes' in the XML, or devctl set driver -f pci0:2:0:1 ppt") as string,
    });
    const absent = new Guest(lent('yes'), 'freebsd-14.3', { pci: ['2/0/2=igb0'] });
    expect(await absent.verb('check')).toMatchObject({
      status: 6,
      stderr: expect.stringContaining('there is no PCI device 2:0:1') as string,
    });
  });
});
