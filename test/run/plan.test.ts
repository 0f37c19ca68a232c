/** `bhyvec run` with a plan.json, and with --dry-run. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { planBackend } from '../../src/backends/plan-file/emit.ts';
import { readPlan } from '../../src/backends/plan-file/read.ts';
import { buildProgram, type Program } from '../cli/program.ts';
import { guestXml, planOf } from '../launcher/guests.ts';
import { hosts } from '../launcher/guest.ts';
import { Guest } from './guest.ts';

let program: Program;
beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => {
  program.remove();
  for (const host of hosts.splice(0)) host.dispose();
});

const secret = "<graphics type='vnc' port='5901' passwd='Zq9x'/>";

describe.concurrent('plan.json', () => {
  test('a plan that is read gives the launcher that the XML gives', () => {
    for (const [options, target] of [
      [{ nics: 2, devices: secret }, 'freebsd-14.3'],
      [{ boot: 'grub', nics: 0 }, 'freebsd-13.2'],
      [{ boot: 'freebsd', onCrash: 'preserve' }, 'freebsd-15.1'],
      [{ devices: secret.replace('5901', '-1') }, 'freebsd-15.1'],
      [{ boot: 'uefi', devices: secret }, 'freebsd-12.4'],
    ] as const) {
      const plan = planOf(guestXml(options), target);
      const text = planBackend.emit(plan)[0]?.text ?? '';
      const read = readPlan(text, () => 'Zq9x');
      expect(read).toMatchObject({ ok: true, missing: null });
      if (read.ok) expect(launcher.emit(read.plan)).toEqual(launcher.emit(plan));
      expect(text).not.toContain('Zq9x');
    }
  });

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'the file is not an object'],
    ['{"version": 1}', 'it has version 1, this bhyvec knows 3: build it again from the XML'],
    ['{"version": 3}', 'vmname is missing'],
  ])('%s', async (text, problem) => {
    const guest = new Guest(program);
    const file = guest.host.path('/var/db/xml/plan.json');
    writeFileSync(file, text);
    const { status, stderr } = await guest.start([], {}, file).done;
    expect([status, stderr]).toEqual([1, `bhyvec: ${file}: this is no plan that can be run: ${problem}\n`]);
  });

  test('each field is looked at', () => {
    const text = planBackend.emit(planOf(guestXml({ nics: 1, devices: secret })))[0]?.text ?? '';
    const problemOf = (from: string, to: string): string => {
      expect(text).toContain(from);
      const read = readPlan(text.replace(from, to), () => null);
      return read.ok ? 'none' : read.problem;
    };
    expect(problemOf('"kind":"tap"', '"kind":"tab"')).toMatch(/^steps\[\d+\].kind is not one of module, vcpus, /);
    expect(problemOf('"mtu":null', '"mtu":"1500"')).toMatch(/^steps\[\d+\].mtu is not a whole number from 1 on$/);
    expect(problemOf('"acpi": true', '"acpi": true, "apic": 1')).toBe('apic is not known');
    expect(problemOf('"from":"vcpu"', '"from":""')).toMatch(/from is not the name of a part$/);
    expect(problemOf('"text":"-m"', '"text":"-M"')).toMatch(
      /^settings\[\d+\].words\[0\] is not the next word of bhyve$/,
    );
    expect(problemOf('"kind":"secrets-file"', '"kind":"secret"')).toMatch(
      /^bhyve[.]words\[\d+\].pieces are not those of its text$|path is not known$/,
    );
    expect(problemOf('"vmname": "g"', '"vmname": "../g"')).toBe('vmname is not the name of a guest');
  });

  test('a built plan runs, with the secrets beside it; without them it says what to do', async () => {
    const guest = new Guest(program, { devices: secret });
    const folder = guest.host.path('/var/db/built');
    expect(program.run(['build', guest.file, '-o', folder]).status).toBe(0);
    guest.host.script('g', 'exit:1', 'exit:1');
    const plan = path.join(folder, 'g/plan.json');
    expect(await guest.start([], {}, plan).done).toMatchObject({ status: 0, stderr: '' });
    expect(guest.host.config('g').join('\n')).toContain('password=Zq9x');
    await guest.host.run('rm', [path.join(folder, 'g/secrets.conf')]);
    expect(await guest.start([], {}, plan).done).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--secrets-from') as string,
    });
    const secrets = guest.host.path('/var/db/secrets.json');
    writeFileSync(secrets, '{"g": {"vncPassword": "other"}}', { mode: 0o600 });
    expect((await guest.start(['--secrets-from', secrets], {}, plan).done).status).toBe(0);
    expect(guest.host.config('g').join('\n')).toContain('password=other');
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a built plan runs with the volume of cloud-init beside it, and not without', async () => {
    const element = "<b:cloud-init xmlns:b='https://bhyvec.org/xmlns/domain/1.0'><b:user-data>#!/bin/sh</b:user-data>";
    const guest = new Guest(program, { domain: `<metadata>${element}</b:cloud-init></metadata>` });
    const folder = guest.host.path('/var/db/built');
    expect(program.run(['build', guest.file, '-o', folder]).status).toBe(0);
    guest.host.script('g', 'exit:1');
    const plan = path.join(folder, 'g/plan.json');
    expect(await guest.start([], {}, plan).done).toMatchObject({ status: 0, stderr: '' });
    expect(guest.look()).toBe(guest.before);
    await guest.host.run('rm', [path.join(folder, 'g/seed.iso')]);
    expect(await guest.start([], {}, plan).done).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('seed.iso is not beside it') as string,
    });
  });

  test.runIf(full)('control characters of a plan do not reach the terminal', async () => {
    const guest = new Guest(program, {}, {}, 'freebsd-14.3');
    const plan = guest.host.path('/var/db/xml/plan.json');
    const text = planBackend.emit(planOf(guestXml()))[0]?.text ?? '';
    const other = text.replace('"release": "14.3"', '"release": "14.2"');
    writeFileSync(plan, other.replace('"target": "freebsd-14.3"', '"target": "a\\u001b[2J\\nb"'));
    guest.host.script('g', 'exit:1');
    const { status, stderr } = await guest.start([], {}, plan).done;
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('compiled for a\\x1b[2J\\x0ab: name the host') as string,
    ]);
  });

  test.runIf(full)('where the password stands in a word, the plan is refused', async () => {
    const guest = new Guest(program, { devices: secret }, {}, 'freebsd-12.4');
    const plan = guest.host.path('/var/db/xml/plan.json');
    writeFileSync(plan, planBackend.emit(planOf(guestXml({ devices: secret }), 'freebsd-12.4'))[0]?.text ?? '');
    const { status, stderr } = await guest.start([], {}, plan).done;
    expect([status, stderr]).toEqual([
      1,
      `bhyvec: ${plan}: the VNC password is not in a plan: run the XML, or give the password with --secrets-from\n`,
    ]);
  });
});

describe('--dry-run', () => {
  test('prints each step, shows no secret, touches nothing', async () => {
    const devices = `${secret}<channel type='unix'><source mode='bind' path='/var/run/a.sock'/><target type='virtio' name='a'/></channel>`;
    const guest = new Guest(program, { devices, onPoweroff: 'preserve' });
    const { status, stdout } = await guest.start(['--dry-run']).done;
    expect(status).toBe(0);
    await expect(stdout).toMatchFileSnapshot('dry-run.txt');
    expect(stdout).not.toContain('Zq9x');
    expect(guest.host.forks()).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test('needs neither root nor FreeBSD', () => {
    const file = path.join(program.folder, 'g.xml');
    writeFileSync(file, guestXml({ boot: 'freebsd', nics: 0, features: '' }));
    const { status, out } = program.run(['run', '--dry-run', '--target', 'freebsd-12.4', file]);
    expect(status).toBe(0);
    expect(out).toContain('run the boot loader: timeout --foreground');
    expect(out).toContain('force it at once: the guest has no ACPI');
    if (process.platform !== 'freebsd') {
      expect(program.run(['run', file])).toMatchObject({
        status: 3,
        err: expect.stringContaining('needs FreeBSD') as string,
      });
    }
  });
});
