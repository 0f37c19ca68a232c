/** A full disk, read-only folders and files in the wrong place: a clear error, and guests that run are unharmed. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { realDisk, type Disk } from '../../src/supervisor/runtime/journal-file.ts';
import { pathsBelow } from '../../src/supervisor/paths.ts';
import type { Host } from '../host/host.ts';
import { bhyves, hostForGuests, journalState, keep, look, xmlOf } from './harness.ts';
import { until } from '../until.ts';
import { buildPrograms, type Programs } from './process.ts';
import { stage, strike } from './stage.ts';

let programs: Programs;
const hosts: Host[] = [];
beforeAll(async () => {
  programs = await buildPrograms();
});
afterEach(strike);
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
  programs.remove();
});

/** A disk that is full from now on: half of what is written gets there. */
function fillingDisk(): { readonly disk: Disk; full: string | null } {
  const state: { full: string | null; disk: Disk } = {
    full: null,
    disk: {
      ...realDisk,
      async write(file, text) {
        if (state.full === null) {
          await realDisk.write(file, text);
          return;
        }
        await realDisk.write(file, text.slice(0, text.length / 2));
        throw Object.assign(new Error(state.full), { code: state.full });
      },
      async sync(file) {
        if (state.full !== null) throw Object.assign(new Error('sync'), { code: 'EIO' });
        await realDisk.sync(file);
      },
    },
  };
  return state;
}

test.each(
  oneOf(2, [
    ['ENOSPC', 'no space left on the file system'],
    ['EROFS', 'the file system is read-only'],
  ] as const),
)('the journal cannot be written (%s): requests are refused, guests run, nothing is forgotten', async (code, words) => {
  const filling = fillingDisk();
  const s = await stage({ names: ['a', 'b'], disk: filling.disk });
  const id = await s.start('a');
  filling.full = code;
  const refused = s.keeper.call('domain.start', { domain: 'b', wait: true });
  await expect(refused).rejects.toThrow(`the journal ${s.keeper.paths.journal} cannot be written: ${words}`);
  await expect(refused).rejects.toMatchObject({ error: { data: { kind: 'journal' } } });
  expect((await s.keeper.call('domain.list', {})).domains.map(({ state }) => state)).toEqual(['running', 'shut off']);
  expect(bhyves(s.host, 'a')).toEqual([id]);
  expect(s.keeper.logged.filter((line) => line.includes(words))).toHaveLength(1);
  expect((await s.keeper.call('supervisor.metrics', {})).text).toMatch(/journal_errors\w* [1-9]/);
  // What happens to guests meanwhile waits for the disk.
  await s.play('a', 'exit:2');
  await until(() => look(s.host) === s.before, 'the end of the guest');
  expect(s.keeper.view('a')?.state).not.toBe('shut off');
  filling.full = null;
  await s.shows('a', 'shut off', { reason: 'shutdown' });
  expect(s.events('a')).toContainEqual(expect.objectContaining({ event: 'shutdown', code: 2 }) as unknown);
  await s.start('b');
  expect(journalState(s.keeper.paths).map(({ state }) => state)).toEqual(['shut off', 'running']);
});

test.runIf(full)(
  'a file in the place of the journal or its folder: the supervisor says so and does not begin',
  async () => {
    const host = hostForGuests(['a']);
    hosts.push(host);
    const paths = pathsBelow(host.root);
    mkdirSync(paths.journal, { recursive: true });
    await expect(keep(host)).rejects.toThrow(`cannot read the journal ${paths.journal}: is a directory`);
    rmSync(paths.db, { recursive: true });
    writeFileSync(paths.db, '');
    await expect(keep(host)).rejects.toThrow(new RegExp(`cannot make the directory ${paths.db}: `));
    rmSync(paths.db);
    rmSync(paths.run, { recursive: true });
    writeFileSync(paths.run, '');
    await expect(keep(host)).rejects.toThrow(/cannot make the directory .*bhyvecd/);
  },
);

test.runIf(full)('the folder of logs cannot be used: it is said, and guests start and stop all the same', async () => {
  const host = hostForGuests(['a']);
  hosts.push(host);
  writeFileSync(host.path('/var/log/bhyvec'), 'in the way\n');
  const keeper = await keep(host);
  try {
    await keeper.define('a');
    await keeper.call('domain.start', { domain: 'a', wait: true });
    await host.waitRunning('a');
    expect(keeper.logged.join('\n')).toMatch(/a: cannot write .*a\.log: .*runs without this log/);
    expect(keeper.logged.join('\n')).toMatch(/events cannot be written/);
    await keeper.call('domain.shutdown', { domain: 'a', wait: true });
  } finally {
    await keeper.end();
  }
});

test('the folder of reports cannot be used: a start fails with the reason, what runs is unharmed', async () => {
  const s = await stage({ names: ['a', 'b'] });
  const id = await s.start('a');
  const { reports } = s.keeper.paths;
  renameSync(reports, `${reports}.away`);
  writeFileSync(reports, '');
  await expect(s.keeper.call('domain.start', { domain: 'b', wait: true })).rejects.toThrow(
    /b did not start: no report can be written/,
  );
  expect(bhyves(s.host, 'a')).toEqual([id]);
  rmSync(reports);
  renameSync(`${reports}.away`, reports);
  expect(await s.keeper.call('domain.shutdown', { domain: 'a', wait: true })).toEqual({ name: 'a', means: 'press' });
});

test.runIf(full)(
  'a limit on the size of files (ulimit -f): a definition that does not fit is refused, smaller ones go on',
  async () => {
    const host = hostForGuests(['a']);
    hosts.push(host);
    const paths = pathsBelow(host.root);
    const command = 'ulimit -f 128; exec "$@"';
    const words = [process.execPath, programs.supervisor, '--target', 'freebsd-14.3'];
    const child = spawn('sh', ['-c', command, 'sh', ...words], {
      env: { ...host.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(
      () => said.includes('keeps guests') || child.exitCode !== null,
      () => said,
    );
    const { Client } = await import('./process.ts');
    const client = new Client(paths.socket);
    const define = async (name: string, padding: number): Promise<unknown> => {
      const xml = xmlOf(name).replace('</name>', `</name><description>${'x'.repeat(padding)}</description>`);
      return await client.call('domain.define', { xml, name: `${name}.xml` });
    };
    await define('a', 10);
    await expect(define('b', 200_000)).rejects.toThrow(/journal .* cannot be written: the file would be too large/);
    await define('c', 10);
    const list = (await client.call('domain.list', {})) as { domains: { name: string }[] };
    expect(list.domains.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(readFileSync(paths.journal, 'utf8').endsWith('\n')).toBe(true);
    expect(journalState(paths).map(({ name }) => name)).toEqual(['a', 'c']);
    client.end();
    child.kill('SIGTERM');
    await until(
      () => child.exitCode !== null,
      () => said,
    );
    expect(said).not.toContain('    at ');
  },
);
