// Counters of guests: what ps(1) and netstat(1) print on FreeBSD, and what virsh domstats would call it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInterfaces } from '../../src/supervisor/observe/netstat.ts';
import { readCpuTime, readProcesses } from '../../src/supervisor/observe/ps.ts';
import { readStatistics } from '../../src/supervisor/runtime/statistics.ts';
import { runCommand } from '../../src/system/command.ts';
import { viewOf } from './views.ts';

const hasPs = (await runCommand('ps', ['-o', 'pid=', '-p', String(process.pid)])) !== null;

const netstat = `Name             Mtu Network       Address                                             Ipkts Ierrs Idrop     Ibytes    Opkts Oerrs     Obytes  Coll
em0             1500 <Link#1>      58:9c:fc:00:00:01                                  1234567     1     2 9876543210   654321     3   87654321     0
em0                - 192.0.2.0/24  192.0.2.7                                          1230000     -     - 9000000000   600000     -   80000000     -
lo0            16384 <Link#2>      lo0                                                     12     0     0       1024       12     0       1024     0
pflog0*        33160 <Link#3>                                                               0     0     0          0        7     0        700     0
vmbr0           1500 <Link#4>      58:9c:fc:00:00:02                                       50     0     0       5000       60     0       6000     0
tap-demo-lan0   1500 <Link#5>      58:9c:fc:10:ff:e0                                      300     4     5      30000      400     6      40000     0
tap1*           1500 <Link#6>      58:9c:fc:10:ff:e1                                        1     0     0         60        2     0        120     0
`;

const noIdrop = `Name    Mtu Network       Address              Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
tap0   1500 <Link#5>      00:bd:01:02:03:04      300     4      30000      400     6      40000     0
`;

describe('netstat -ibn', () => {
  it('is read by interface: link lines only, with or without an address, up or down, with any columns', () => {
    const found = readInterfaces(netstat);
    expect([...found.keys()]).toEqual(['em0', 'lo0', 'pflog0', 'vmbr0', 'tap-demo-lan0', 'tap1']);
    expect(found.get('em0')?.inBytes).toBe(9_876_543_210);
    expect(found.get('pflog0')).toMatchObject({ inPackets: 0, outPackets: 7, outBytes: 700 });
    expect(found.get('tap-demo-lan0')).toEqual({
      inPackets: 300,
      inErrors: 4,
      inDrops: 5,
      inBytes: 30_000,
      outPackets: 400,
      outErrors: 6,
      outBytes: 40_000,
    });
    expect(readInterfaces(noIdrop).get('tap0')).toMatchObject({
      inDrops: 0,
      inBytes: 30_000,
      outErrors: 6,
      outBytes: 40_000,
    });
  });

  it('is read whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readInterfaces(text).size >= 0));
    expect(readInterfaces('').size).toBe(0);
  });
});

describe('ps -o pid=,time=,rss=', () => {
  it.each([
    ['0:00.00', 0],
    ['0:00.07', 70_000_000],
    ['12:34.56', 754_560_000_000],
    ['1234:00.10', 74_040_100_000_000],
    ['0:01,50', 1_500_000_000],
    ['01:02:03', 3_723_000_000_000],
    ['2-03:04:05', 183_845_000_000_000],
    ['', null],
    ['-', null],
    ['12', null],
    ['1:2:3:4', null],
  ])('reads the time %s', (text, nanoseconds) => {
    expect(readCpuTime(text)).toBe(nanoseconds);
  });

  it('reads a line for each process and leaves out what does not fit', () => {
    const found = readProcesses('  741  12:34.56  524288\n99 0:00.01 12\n\nnot a process\n5 x 7\n6 0:00.00 -1\n');
    expect([...found]).toEqual([
      [741, { cpuNanoseconds: 754_560_000_000, rssKib: 524_288 }],
      [99, { cpuNanoseconds: 10_000_000, rssKib: 12 }],
    ]);
  });

  it.runIf(hasPs)('fits the ps of this system', async () => {
    const statistics = await readStatistics([{ view: viewOf({ id: process.pid }), share: null }]);
    expect(statistics.get('demo')?.['cpu.time']).toBeGreaterThanOrEqual(0);
    expect(statistics.get('demo')?.['balloon.rss']).toBeGreaterThan(10_000);
  });
});

describe('domstats', () => {
  const running = viewOf({ name: 'demo', id: 741, state: 'running', memoryMib: 512, vcpus: 2 });
  const second = viewOf({ name: 'second', id: 99, state: 'running' });
  const off = viewOf({ name: 'off' });
  const subjects = [
    { view: running, share: { taps: ['tap-demo-lan0', 'tap9'], disks: ['/vm/a.img'] } },
    { view: second, share: { taps: ['tap1'], disks: [] } },
    { view: off, share: null },
  ];

  it('asks ps and netstat once for all guests', async () => {
    const asked: [string, string][] = [];
    const statistics = await readStatistics(subjects, (command, words) => {
      asked.push([command, words.join(' ')]);
      return Promise.resolve(command === 'ps' ? '741 0:10.50 2048\n99 0:00.01 12\n' : netstat);
    });
    expect(asked).toEqual([
      ['ps', '-o pid= -o time= -o rss= -p 741,99'],
      ['netstat', '-i -b -n -W -f link'],
    ]);
    expect(Object.fromEntries(statistics)).toMatchInlineSnapshot(`
      {
        "demo": {
          "balloon.current": 524288,
          "balloon.maximum": 524288,
          "balloon.rss": 2048,
          "block.0.path": "/vm/a.img",
          "block.count": 1,
          "cpu.time": 10500000000,
          "net.0.name": "tap-demo-lan0",
          "net.0.rx.bytes": 40000,
          "net.0.rx.errs": 6,
          "net.0.rx.pkts": 400,
          "net.0.tx.bytes": 30000,
          "net.0.tx.drop": 5,
          "net.0.tx.errs": 4,
          "net.0.tx.pkts": 300,
          "net.1.name": "tap9",
          "net.count": 2,
          "state.state": 1,
          "vcpu.current": 2,
          "vcpu.maximum": 2,
        },
        "off": {
          "balloon.maximum": 262144,
          "state.state": 5,
          "vcpu.maximum": 1,
        },
        "second": {
          "balloon.current": 262144,
          "balloon.maximum": 262144,
          "balloon.rss": 12,
          "block.count": 0,
          "cpu.time": 10000000,
          "net.0.name": "tap1",
          "net.0.rx.bytes": 120,
          "net.0.rx.errs": 0,
          "net.0.rx.pkts": 2,
          "net.0.tx.bytes": 60,
          "net.0.tx.drop": 0,
          "net.0.tx.errs": 0,
          "net.0.tx.pkts": 1,
          "net.count": 1,
          "state.state": 1,
          "vcpu.current": 1,
          "vcpu.maximum": 1,
        },
      }
    `);
  });

  it('gives what it knows where a command fails, and runs none for guests that are off', async () => {
    const without = await readStatistics(subjects, () => Promise.resolve(null));
    expect(without.get('demo')).toMatchObject({ 'state.state': 1, 'net.0.name': 'tap-demo-lan0', 'vcpu.current': 2 });
    expect(without.get('demo')).not.toHaveProperty(['cpu.time']);
    expect(without.get('demo')).not.toHaveProperty(['net.0.rx.bytes']);
    const none = await readStatistics([{ view: off, share: null }], () => Promise.reject(new Error('not needed')));
    expect(none.get('off')).toEqual({ 'state.state': 5, 'balloon.maximum': 262_144, 'vcpu.maximum': 1 });
  });
});

describe('a command', () => {
  it('is killed when it takes too long, and is no output when it fails or is not there', async () => {
    expect(await runCommand('sh', ['-c', 'echo early; exec sleep 600'], { seconds: 0.05 })).toBeNull();
    expect(await runCommand('sh', ['-c', 'echo no; exit 3'])).toBeNull();
    expect(await runCommand('bhyvec-has-no-such-command', [])).toBeNull();
    expect(await runCommand('sh', ['-c', 'echo "$LC_ALL"'])).toBe('C\n');
  });
});
