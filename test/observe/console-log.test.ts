// Logs that never make their writer wait: rotation loses nothing, a full disk loses only what is said to be lost.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/consoles/log.ts';
import { until } from '../until.ts';
import { createDisk } from './disk.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-log-'));
  folders.push(folder);
  return folder;
}

function logOf(options: Partial<LogOptions> & { path: string }) {
  return createLog({
    fileBytes: 100,
    files: 4,
    mark: ({ chunks, bytes, why }) => Buffer.from(`<${String(chunks)} chunks, ${String(bytes)} bytes: ${why}>\n`),
    retryMs: 5,
    ...options,
  });
}

/** Chunks of any length, with and without newlines. */
const chunks = fc.array(
  fc.array(fc.constantFrom(0x61, 0x0a, 0xff, 0x00), { minLength: 1, maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 60 },
);

describe('rotation', () => {
  it('loses no byte under a fast writer: the files are the end of what was said, each within its limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        chunks,
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 5 }),
        async (said, fileBytes, files) => {
          const disk = createDisk();
          const log = logOf({ path: '/log', fileBytes, files, io: disk.io });
          for (const chunk of said) log.append(chunk);
          await log.end();
          const whole = Buffer.concat(said).toString('latin1');
          const kept = disk.text('/log');
          expect(whole.endsWith(kept)).toBe(true);
          expect(disk.files.size).toBeLessThanOrEqual(files);
          for (const file of disk.files.values()) expect(file.length).toBeLessThanOrEqual(fileBytes);
          // A file is closed early only for a line that did not fit.
          if (kept.length < whole.length) expect(disk.files.size).toBe(files);
          expect(log.lost()).toEqual({ chunks: 0, bytes: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps lines whole where they fit', async () => {
    const disk = createDisk();
    const log = logOf({ path: '/log', fileBytes: 40, io: disk.io });
    for (let n = 0; n < 20; n += 1) log.append(Buffer.from(`line number ${String(n)}\n`));
    await log.end();
    for (const file of disk.files.values()) expect(file.toString()).toMatch(/^(?:line number \d+\n)+$/);
  });

  it('works on real files, with mode 0600, and goes on after another log of the same path', async () => {
    const folder = newFolder();
    const file = path.join(folder, 'demo.console.log');
    let said = '';
    for (let round = 0; round < 5; round += 1) {
      const log = logOf({ path: file, fileBytes: 1000 });
      for (let n = 0; n < 40; n += 1) {
        const text = `round ${String(round)} number ${String(n)}\n`;
        said += text;
        log.append(Buffer.from(text));
      }
      await log.end();
    }
    const names = readdirSync(folder).toSorted();
    expect(names).toEqual(['demo.console.log', 'demo.console.log.0', 'demo.console.log.1', 'demo.console.log.2']);
    const kept = ['.2', '.1', '.0', ''].map((end) => readFileSync(`${file}${end}`, 'utf8')).join('');
    expect(said.endsWith(kept)).toBe(true);
    expect(kept.length).toBeGreaterThan(3000);
    for (const name of names) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('does not follow a link', async () => {
    const folder = newFolder();
    symlinkSync('/dev/null', path.join(folder, 'log'));
    const problems: (string | null)[] = [];
    const log = logOf({ path: path.join(folder, 'log'), onProblem: (why) => problems.push(why) });
    log.append(Buffer.from('secret\n'));
    await log.flush();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('ELOOP');
    await log.end();
  });
});

describe('a disk that refuses', () => {
  it('says so once, keeps what fits, marks what is missing, and says when it is well', async () => {
    const disk = createDisk();
    const problems: (string | null)[] = [];
    const waitingBytes = { slow: 1000, refusing: 30 };
    const log = logOf({
      path: '/log',
      fileBytes: 10_000,
      io: disk.io,
      waitingBytes,
      onProblem: (why) => problems.push(why),
    });
    log.append(Buffer.from('before\n'));
    await log.flush();
    disk.problem = 'no space left on device';
    for (let n = 10; n < 30; n += 1) {
      log.append(Buffer.from(`line ${String(n)}\n`));
      await log.flush();
    }
    expect(problems).toEqual(['no space left on device']);
    disk.problem = null;
    await until(() => problems.length === 2);
    await log.end();
    expect(problems).toEqual(['no space left on device', null]);
    expect(disk.text('/log')).toBe(
      'before\n<17 chunks, 136 bytes: no space left on device>\nline 27\nline 28\nline 29\n',
    );
    expect(log.lost()).toEqual({ chunks: 17, bytes: 136 });
  });

  it('loses nothing where little was said meanwhile', async () => {
    const disk = createDisk();
    const log = logOf({ path: '/log', fileBytes: 1000, io: disk.io });
    disk.problem = 'read-only file system';
    log.append(Buffer.from('one\n'));
    await log.flush();
    log.append(Buffer.from('two\n'));
    disk.problem = null;
    await log.end();
    expect(disk.text('/log')).toBe('one\ntwo\n');
  });

  it('accounts for each byte, whenever it refuses, however much it takes at once', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ say: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 1, arbitrary: fc.record({ room: fc.integer({ min: 0, max: 60 }) }) },
      { weight: 1, arbitrary: fc.constant({ well: true }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), async (steps, gulp) => {
        const disk = createDisk();
        disk.gulp = gulp;
        const marks: { chunks: number; bytes: number }[] = [];
        const waitingBytes = { slow: 100_000, refusing: 80 };
        const mark: LogOptions['mark'] = ({ chunks: count, bytes }) => (
          marks.push({ chunks: count, bytes }),
          Buffer.from(`<${String(count)}>`)
        );
        const log = logOf({ path: '/log', fileBytes: 100_000, io: disk.io, waitingBytes, mark, retryMs: 0 });
        const said: string[] = [];
        for (const action of steps) {
          if ('say' in action) {
            const text = `${String(said.length)}${'abcdefghij'.repeat(4)}`.slice(0, action.say).concat(';');
            said.push(text);
            log.append(Buffer.from(text));
          } else if ('room' in action) {
            await log.flush();
            [disk.problem, disk.room] = ['full', action.room];
          } else {
            [disk.problem, disk.room] = [null, 0];
          }
          await log.flush();
        }
        [disk.problem, disk.room] = [null, 0];
        await log.end();
        // What is kept is what was said, with a mark for each run of chunks that is not there.
        let at = 0;
        for (const piece of disk.text('/log').split(/(<\d+>)/)) {
          const gap = /^<(\d+)>$/.exec(piece);
          if (gap !== null) {
            at += Number(gap[1]);
            continue;
          }
          let text = '';
          while (text.length < piece.length) text += said[at++] ?? fail();
          expect(text).toBe(piece);
        }
        expect(at).toBe(said.length);
      }),
      { numRuns: 400 },
    );
  });
});

function fail(): never {
  throw new Error('more was kept than was said');
}

describe('reading the end', () => {
  it('gives what was appended before and nothing of what comes after', async () => {
    const log = logOf({ path: path.join(newFolder(), 'log'), fileBytes: 50 });
    let said = '';
    for (let n = 0; n < 12; n += 1) {
      log.append(Buffer.from(`number ${String(n)}\n`));
      said += `number ${String(n)}\n`;
    }
    const end = log.readEnd(60);
    log.append(Buffer.from('later\n'));
    expect((await end)?.toString()).toBe(said.slice(-60));
    await log.end();
  });

  it('is null while the disk refuses', async () => {
    const disk = createDisk();
    const log = logOf({ path: '/log', io: disk.io, retryMs: 60_000 });
    disk.problem = 'full';
    log.append(Buffer.from('lost'));
    const asked = log.readEnd(10);
    expect(await asked).toBeNull();
    expect(await log.readEnd(10)).toBeNull();
    await log.end();
  });
});
