/** Networks, pools and volumes of `bhyvec supervise --documents`: what guests on them get, and what is told before it begins. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedIn } from '../../src/documents/shared.ts';
import { installNetwork, networkPlan, optionsFor } from '../network/networks.ts';
import { hostForGuests } from './harness.ts';
import { buildPrograms, supervise, type Programs } from './process.ts';

const lab = "<network><name>lab</name><ip address='10.5.0.1' prefix='24'/><dns enable='no'/></network>";
const tank = "<pool type='dir'><name>tank</name><target><path>/vm</path></target></pool>";
const disk = "<volume><name>b.img</name><capacity unit='MiB'>1</capacity></volume>";

let folder: string;
let programs: Programs;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-documents-'));
  programs = await buildPrograms();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  programs.remove();
});

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('documents are known by their names, guests among them are passed over, and all are held together', async () => {
  const options = optionsFor('freebsd-14.3');
  const files = [
    written('lab.xml', lab),
    written('b.xml', disk),
    written('tank.xml', tank),
    written('g.xml', '<domain/>'),
  ];
  const { known, diagnostics, problems } = await sharedIn(files, options);
  expect([diagnostics, problems]).toEqual([[], []]);
  expect(known.networks.get('lab')?.bridge).toBe('brlab0');
  expect(known.storage.volumes.get('tank')?.get('b.img')?.path).toBe('/vm/b.img');
  const other = written('other.xml', lab.replace('>lab<', '>other<'));
  const two = await sharedIn([...files, other, path.join(folder, 'none.xml')], options);
  expect(two.diagnostics.map(({ code, span }) => [code, span.source.name])).toEqual([['BV0912', other]]);
  expect(two.problems).toEqual([expect.stringContaining('none.xml')]);
  expect((await sharedIn([], options)).known.networks.size).toBe(0);
});

test('a guest on a network of a document is told which service makes its bridge, and runs once that is up', async () => {
  const host = hostForGuests(['a'], { nics: 0 });
  const net = installNetwork(host, networkPlan(lab, 'freebsd-14.3'));
  const supervisor = await supervise(programs, host, ['--documents', written('lab.xml', lab)]);
  try {
    const devices = "<interface type='network'><source network='lab'/><model type='virtio'/></interface>";
    await supervisor.define('a', { nics: 0, devices });
    const start = supervisor.call('domain.start', { domain: 'a', wait: true });
    await expect(start).rejects.toThrow(/brlab0 is not there: service bhyvec_net_lab onestart/);
    expect((await host.run(net, ['start'])).status).toBe(0);
    await supervisor.call('domain.start', { domain: 'a', wait: true });
    expect((await host.run('ifconfig', ['brlab0'])).stdout).toMatch(/\tmember: tap/);
  } finally {
    await supervisor.call('domain.destroy', { domain: 'a' });
    await supervisor.end();
    host.dispose();
  }
});

test('one with a mistake keeps it from beginning', async () => {
  const host = hostForGuests(['a']);
  const file = written('bad.xml', lab.replace('24', '33'));
  const supervisor = await supervise(programs, host, ['--documents', file]);
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.said()).toMatch(/bad\.xml:1:\d+: error\[BV/);
  host.dispose();
  const { stdout } = spawnSync(process.execPath, [programs.supervisor, '--documents', 'a', '/b', '--print-rc'], {
    cwd: '/usr',
    encoding: 'utf8',
  });
  expect(stdout).toContain('--documents /usr/a --documents /b');
});
