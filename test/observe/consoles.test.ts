// Consoles: nothing that a guest says is lost, nobody holds up anybody, one at a time writes.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useBench, type Attached } from './bench.ts';
import { until } from '../until.ts';

const bench = useBench();

describe('reading', () => {
  it('loses no early output: what was said before anybody attached comes first, once', async () => {
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    guest.say('loader\r\n');
    await until(() => bench.consoles.views()[0]?.bytes === 8);
    const reader = bench.attach({ replayBytes: 1000 });
    guest.say('kernel\r\n');
    await until(() => reader.text().includes('kernel'));
    expect(reader.text()).toBe('loader\r\nkernel\r\n');
    await bench.consoles.forget('demo');
    expect(bench.logText()).toBe('loader\r\nkernel\r\n');
    expect(statSync(path.join(bench.folder, 'demo.console.log')).mode & 0o777).toBe(0o600);
    expect(reader.closed).toEqual(['the guest is off']);
  });

  it('replays more than fits into memory, and what an earlier supervisor has kept', async () => {
    bench.make({ ringBytes: 16 });
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    guest.say('0123456789'.repeat(10));
    await until(() => bench.consoles.views()[0]?.bytes === 100);
    const long = bench.attach({ replayBytes: 95 });
    const short = bench.attach({ replayBytes: 10 });
    guest.say('live');
    await until(() => long.text().endsWith('live') && short.text().endsWith('live'));
    expect(long.text()).toBe(`${'0123456789'.repeat(10).slice(-95)}live`);
    expect(short.text()).toBe('0123456789live');
    await bench.consoles.end();

    // Killed and begun again: the device is opened anew, the log goes on.
    bench.make();
    await bench.consoles.expect('demo', [guest.console]);
    const again = bench.attach({ replayBytes: 14 });
    guest.say('!');
    await until(() => again.text().endsWith('!'));
    expect(again.text()).toBe('0123456789live!');
  });

  it('gives every reader the same while the guest talks without a pause and readers come and go', async () => {
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    const readers: { from: number; attached: Attached }[] = [];
    let said = '';
    for (let round = 0; round < 200; round += 1) {
      const text = `line ${String(round)}\n`;
      guest.say(text);
      said += text;
      if (round % 10 === 0) {
        readers.push({ from: 0, attached: bench.attach({ replayBytes: 1_000_000 }) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await until(() => readers.every(({ attached }) => attached.text().endsWith('line 199\n')));
    for (const { attached } of readers) expect(attached.text()).toBe(said);
    for (const { attached } of readers) bench.consoles.close(attached.handle);
    expect(bench.consoles.views()[0]?.readers).toBe(0);
  });

  it('does not let a slow reader or a failing one hold up the guest, the log or others', async () => {
    bench.make({ readerBytes: 2000 });
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    const parts: string[] = [];
    let takesMore = false;
    const slow = bench.attach({ onData: (bytes) => (parts.push(Buffer.from(bytes).toString()), takesMore) });
    bench.attach({
      onData: () => {
        throw new Error('the connection is gone');
      },
    });
    const other = bench.attach();
    let said = '';
    for (let n = 0; n < 1000; n += 1) {
      const text = `line ${String(n)}\n`;
      said += text;
      guest.say(text);
      if (n % 20 === 0) await until(() => other.text() === said);
    }
    await until(() => other.text() === said);
    expect(parts.join('').length).toBeLessThan(100);
    expect(bench.consoles.views()[0]?.readers).toBe(2);
    takesMore = true;
    bench.consoles.ready(slow.handle);
    guest.say('end\n');
    await until(() => parts.join('').endsWith('end\n'));
    const [before, left, after] = parts.join('').split(/\r\n\[bhyvec: (\d+) bytes are left out, [^\]]*\]\r\n/);
    expect(said.startsWith(before ?? '?')).toBe(true);
    expect(after).toBe('end\n');
    expect((before ?? '').length).toBeLessThanOrEqual(2100);
    expect((before ?? '').length + Number(left)).toBe(said.length);
    await bench.consoles.forget('demo');
    expect(bench.logText()).toBe(`${said}end\n`);
  });

  it('works with a log folder that refuses, says so once, and goes on later with a mark', async () => {
    const guest = bench.guest();
    const refusing = path.join(bench.folder, 'not-yet');
    bench.make({ logFolder: refusing });
    await bench.consoles.expect('demo', [guest.console]);
    const reader = bench.attach();
    const said = 'x'.repeat(16_000);
    for (let n = 1; n <= 25; n += 1) {
      guest.say(said);
      await until(() => reader.text().length === 16_000 * n);
    }
    expect(bench.problems.map(({ message, solved }) => [message.includes('cannot be kept'), solved])).toEqual([
      [true, false],
    ]);
    expect(bench.problems[0]?.message).toContain('com1 of demo');
    const late = bench.attach({ replayBytes: 70_000 });
    await until(() => late.text().length === 65_536, 'what memory holds');
    execFileSync('mkdir', [refusing]);
    await until(() => bench.problems.some(({ solved }) => solved));
    guest.say('after');
    await until(() => reader.text().endsWith('after'));
    await bench.consoles.end();
    const text = readFileSync(path.join(refusing, 'demo.console.log'), 'latin1');
    const [, missing, kept] =
      /^\r\n\[bhyvec: (\d+) bytes are missing here: ENOENT[^\]]*\]\r\n(x+)after$/.exec(text) ?? [];
    expect(Number(missing) + (kept ?? '').length).toBe(400_000);
  });
});

describe('writing', () => {
  it('is for one at a time; force takes it over and tells the loser', async () => {
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    const first = bench.attach({ write: true });
    const watcher = bench.attach();
    expect(bench.consoles.write(first.handle, Buffer.from('root\r'))).toEqual({ ok: true, bytes: 5 });
    expect(bench.consoles.write(watcher.handle, Buffer.from('rm -rf /\r'))).toMatchObject({ ok: false });
    const refusal = bench.consoles.open({
      guest: 'demo',
      com: 1,
      write: true,
      force: false,
      replayBytes: 0,
      onData: () => undefined,
      onClosed: () => undefined,
    });
    expect(refusal).toEqual({ ok: false, message: expect.stringContaining('use force') as string });
    const second = bench.attach({ write: true, force: true });
    expect(first.closed).toEqual(['another session has taken over this console']);
    expect(bench.consoles.write(first.handle, Buffer.from('lost'))).toMatchObject({ ok: false });
    expect(bench.consoles.write(second.handle, Buffer.from('password\r')).ok).toBe(true);
    let typed = '';
    await until(() => (typed += guest.typed()).endsWith('password\r'));
    expect(typed).toBe('root\rpassword\r');
    bench.consoles.close(second.handle);
    expect(second.closed).toEqual([]);
    expect(bench.consoles.write(bench.attach({ write: true }).handle, Buffer.from('x')).ok).toBe(true);
    guest.say('still here');
    await until(() => watcher.text() === 'still here');
    expect(first.text()).toBe('');
  });

  it('is refused with a reason once the guest does not read', async () => {
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    const { handle } = bench.attach({ write: true });
    let answer = bench.consoles.write(handle, Buffer.alloc(32_768));
    for (let n = 0; n < 20 && answer.ok; n += 1) answer = bench.consoles.write(handle, Buffer.alloc(32_768));
    expect(answer).toEqual({ ok: false, message: expect.stringContaining('does not read') as string });
  });
});
