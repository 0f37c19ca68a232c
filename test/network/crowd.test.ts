/**
 * A network that many guests share: at random some start, some stop, launchers are killed, and the network is asked to stop, to
 * start and to go away under its guests, all at once. Whoever cannot, says so; in the end nothing is left.
 */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { NetworkPlan } from '../../src/ir/network/network-plan.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { size } from '../full.ts';
import { limits } from '../launcher/guest.ts';
import { install } from '../launcher/guests.ts';
import { Bench, compileText, everything } from './networks.ts';

const count = size(3, 50, 12);
const rounds = size(1, 6, 3);

const benches: Bench[] = [];
afterAll(() => {
  for (const { host } of benches) host.dispose();
});

function guestOf(number: number, network: NetworkPlan): Plan {
  const name = `g${String(number)}`;
  const mac = `58:9c:fc:00:01:${number.toString(16).padStart(2, '0')}`;
  const text = `<domain type='bhyve'><name>${name}</name><memory unit='MiB'>256</memory><os><type>hvm</type></os><devices>
    <disk type='file' device='disk'><source file='/vm/${name}.img'/><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><mac address='${mac}'/><source network='lab'/><model type='virtio'/></interface>
    </devices></domain>`;
  const { plan, diagnostics } = compileText(text, { networks: new Map([['lab', network]]) });
  if (plan === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return plan;
}

/** The shells that run a launcher, without daemon(8): its pid file stays where it is killed. One that ends meanwhile is none. */
function processesOf(script: string): readonly number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0') : [];
      const isDaemon = words.some((word) => /\/(?:daemon|supervisor[.]sh)$/.test(word));
      return words.includes(script) && !isDaemon ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

/** What happens to a guest in a round. */
const acts = fc.constantFrom('start', 'start', 'stop', 'destroy', 'killed', 'nothing');
const histories = fc.array(
  fc.record({
    guests: fc.array(acts, { minLength: count, maxLength: count }),
    network: fc.constantFrom('start', 'stop', 'destroy', 'restart', 'status'),
  }),
  { minLength: rounds, maxLength: rounds },
);

test(`${String(count)} guests on one network, started and stopped at random, leave nothing`, async () => {
  const names = Array.from({ length: count }, (_, number) => `g${String(number)}`);
  const bench = new Bench(everything, { disks: names.map((name) => `/vm/${name}.img`), cpus: 4 });
  benches.push(bench);
  const { host } = bench;
  const launchers = names.map((_, number) => install(host, guestOf(number, bench.plan)));
  const look = (): string => host.state({ without: ['modules', 'nmdm'], ignore: /^var\/log\b/ });
  const before = look();
  const launch = async (number: number, verb: string): Promise<string> => {
    const { status, stdout, stderr } = await host.run(launchers[number] ?? '', [verb], { env: limits });
    return status === 0 ? '' : `${verb}: ${String(status)} ${stdout}${stderr}`;
  };
  /** Kills the launcher of a guest with no time to undo anything, as a host without memory does. */
  const kill = (number: number): void => {
    for (const pid of processesOf(launchers[number] ?? '')) process.kill(pid, 'SIGKILL');
  };
  const [history = []] = fc.sample(histories, { numRuns: 1, seed: 13 });
  for (const round of history) {
    await bench.verb('start');
    await Promise.all([
      ...round.guests.map(async (act, number) => {
        if (act === 'killed') kill(number);
        else if (act !== 'nothing') await launch(number, act);
      }),
      bench.verb(round.network),
    ]);
  }
  expect(host.history().some(({ argv }) => argv.join(' ').startsWith('ifconfig lab0 addm tap'))).toBe(true);
  // Who runs is ended; of whom nobody looks after, what is left is removed.
  const ends = await Promise.all(
    names.map(async (_, number) => {
      await launch(number, 'destroy');
      return launch(number, 'clean');
    }),
  );
  expect(ends.filter((end) => end !== '')).toEqual([]);
  expect(await bench.verb('destroy')).toMatchObject({ status: 0, stderr: '' });
  // The launchers of guests that were ended go on for a moment.
  await host.waitFor(() => !launchers.some((launcher) => processesOf(launcher).length > 0));
  expect(look()).toBe(before);
});
