/**
 * A real dnsmasq with the settings that a network has gives addresses to a real client of DHCP: on a pair of interfaces in a network
 * namespace of their own. It needs Linux that lets us make one, and dnsmasq, ip and busybox; where one of them is missing, as where
 * namespaces are not for everybody, the test has nothing to stand on, and says so.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { everything, fileOf, networkPlan } from './networks.ts';

/** As root of a namespace of its own. */
function alone(script: string, ...words: readonly string[]): { readonly status: number | null; readonly out: string } {
  const sh = ['sh', '-c', script, 'sh', ...words];
  const { status, stdout, stderr } = spawnSync('unshare', ['-r', '-n', ...sh], { encoding: 'utf8' });
  return { status, out: `${stdout}${stderr}` };
}

const pair = 'ip link add lab0 type veth peer name guest0';
const can = alone(`${pair} && command -v dnsmasq && busybox udhcpc --help`).out.includes('Usage: udhcpc');

describe.skipIf(!can)('a client of DHCP (dnsmasq, busybox and network namespaces are here)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-leases-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const text = everything.replace(
    '</dhcp>',
    "<host mac='58:9c:fc:00:00:0a' name='web' ip='10.77.0.10'/><host mac='58:9c:fc:00:00:0b' ip='10.77.0.11'/></dhcp>",
  );
  const plan = networkPlan(text);
  // Only the place of its own two files is another one: that of a host is root's.
  const conf = fileOf(plan, 'dnsmasq.conf').replaceAll('/var/run/bhyvec-networks/lab', folder);
  writeFileSync(path.join(folder, 'dnsmasq.conf'), conf);
  writeFileSync(
    path.join(folder, 'told'),
    '#!/bin/sh\n[ "$1" != bound ] || echo "$interface $ip/$subnet by $router, names by $dns in $domain"\nexit 0\n',
  );
  chmodSync(path.join(folder, 'told'), 0o755);

  /** The leases that clients with these MAC addresses get, one after the other. */
  function leases(...macs: readonly string[]): readonly string[] {
    const script = `cd "$1" && shift && ${pair} && ip addr add 10.77.0.1/24 dev lab0 && ip link set lab0 up || exit
      dnsmasq --conf-file=$PWD/dnsmasq.conf --user= --group= --keep-in-foreground --log-facility=$PWD/log &
      server=$!
      for mac; do
        ip link set guest0 down && ip link set guest0 address "$mac" && ip link set guest0 up || exit
        # It asks until it is answered, for as long as the server is there.
        until busybox udhcpc -f -n -q -i guest0 -s ./told </dev/null 2>/dev/null; do kill -0 "$server" || { cat log; exit 1; }; done
      done
      kill "$server"
      wait "$server" || cat log`;
    const { status, out } = alone(script, folder, ...macs);
    expect([status, status === 0 ? '' : out]).toEqual([0, '']);
    return out.split('\n').filter((line) => line.startsWith('guest0 '));
  }

  test('gets an address of the range, or the one that the document has for it, with gateway and names', () => {
    const [known, other, further, ...more] = leases('58:9c:fc:00:00:0a', '58:9c:fc:00:07:01', '58:9c:fc:00:00:0b');
    const rest = '/255.255.255.0 by 10.77.0.1, names by 10.77.0.1 in lab.example';
    expect(known).toBe(`guest0 10.77.0.10${rest}`);
    expect(further).toBe(`guest0 10.77.0.11${rest}`);
    const [, last] = /^guest0 10\.77\.0\.(\d+)/.exec(other ?? '') ?? [];
    expect(other).toBe(`guest0 10.77.0.${last ?? ''}${rest}`);
    expect(Number(last)).toBeGreaterThanOrEqual(100);
    expect(Number(last)).toBeLessThanOrEqual(200);
    expect(more).toEqual([]);
  });
});
