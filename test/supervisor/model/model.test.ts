/**
 * Model check of the supervisor's machine: random sequences of guest events, user requests, faults, time, and kill -9 of
 * the supervisor at any moment. Whatever happens: no guest runs twice, nothing is left on the host in the end, each request
 * is answered exactly once unless its supervisor was killed, and the journal gives the state that was lost.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { size } from '../../full.ts';
import type { Definition } from '../../../src/supervisor/machine/state.ts';
import { ModelSupervisor } from './supervisor.ts';
import { World } from './world.ts';

/** Three guests with different policies; the third depends on the first. */
const policies = {
  web: { poweroff: 'destroy', reboot: 'restart', crash: 'restart' },
  db: { poweroff: 'restart', reboot: 'destroy', crash: 'preserve' },
  mail: { poweroff: 'destroy', reboot: 'restart', crash: 'destroy' },
};
const names = Object.keys(policies);

function definition(name: string, revision: number): Definition {
  const facts = {
    uuid: `uuid-${name}`,
    title: null,
    memoryMib: 512,
    vcpus: 1,
    startAfter: name === 'mail' ? ['web'] : [],
  };
  const policy = { onPoweroff: 'destroy', onReboot: 'restart', onCrash: name === 'web' ? 'restart' : 'destroy' };
  return { revision: String(revision), xml: `<domain>${name}</domain>`, facts: { ...facts, ...policy, nvram: null } };
}

/** One random act: what, on whom, and how. */
type Act = readonly [what: number, whom: number, how: number];

const request = (supervisor: ModelSupervisor, guest: string, how: number): void => {
  // The remainder chooses the request, the quotient its parameters.
  const more = Math.floor(how / 11);
  const wait = more % 2 === 0;
  const requests = [
    { method: 'start', guest, wait },
    { method: 'start', guest, wait },
    { method: 'shutdown', guest, wait },
    { method: 'reboot', guest, wait, cold: more % 3 === 0 },
    { method: 'reboot', guest, wait: !wait, cold: more % 3 === 0 },
    { method: 'reset', guest },
    { method: 'destroy', guest },
    { method: 'define', guest, definition: definition(guest, more % 4) },
    { method: 'undefine', guest, nvram: null, nvramExists: false },
    { method: 'autostart', guest, autostart: more % 3 === 0 ? null : { order: more % 2, delay: (more % 5) * 1000 } },
    { method: 'close', limit: 60_000, exit: false },
  ] as const;
  const chosen = requests[how % requests.length];
  if (chosen !== undefined) supervisor.request(chosen);
};

function act(world: World, supervisor: ModelSupervisor, [what, whom, how]: Act): void {
  const guest = names[whom % names.length] ?? 'web';
  const alive = world.launchers.filter(({ stage }) => stage !== 'gone');
  const launcher = alive[whom % Math.max(1, alive.length)];
  const cleaner = world.cleaners[whom % Math.max(1, world.cleaners.length)];
  switch (what % 20) {
    case 0:
    case 1:
    case 17:
    case 18:
      request(supervisor, guest, how);
      break;
    case 2:
    case 3:
    case 4:
    case 5:
      if (launcher !== undefined) world.advance(launcher);
      break;
    case 6:
      if (launcher !== undefined)
        world.end(launcher, (['reboot', 'poweroff', 'crash'] as const)[how % 3] ?? 'crash', how % 3);
      break;
    case 7:
      if (launcher !== undefined && how % 2 === 0) world.fail(launcher);
      break;
    case 8:
      if (launcher !== undefined && how % 3 === 0) world.kill(launcher);
      break;
    case 9:
      if (cleaner !== undefined) {
        world.cleaned(cleaner, how % 4 !== 0);
        supervisor.cleaned(cleaner.guest, cleaner.turn, how % 4 !== 0);
      }
      break;
    case 10:
      for (const [pid] of [...world.bhyves].slice(0, how % 2)) {
        if (!alive.some(({ bhyve }) => bhyve === pid)) world.bhyves.delete(pid);
      }
      break;
    case 11:
      supervisor.pass((how % 40) * 1000);
      break;
    case 12:
      supervisor.perform(how % 3);
      break;
    case 13:
      if (launcher !== undefined) launcher.deaf = (['no', 'TERM', 'USR1'] as const)[how % 3] ?? 'no';
      break;
    case 14:
    case 15:
    case 16: {
      const any = world.launchers[how % Math.max(1, world.launchers.length)];
      if (any !== undefined) supervisor.repeat(any.guest, any.turn);
      break;
    }
    default:
      if (how % 3 === 0) {
        // A clean-up that a killed supervisor has started goes on, but nobody hears of its end.
        world.cleaners.length = 0;
        supervisor.killAndRestart(how % 2 === 0 ? '' : '{"sequence":9,"ev');
      }
  }
  if (Math.floor(how / 7) % 4 === 0) return;
  supervisor.watch();
  supervisor.perform();
  supervisor.checkSignals();
}

/** Lets everything come to rest: all is stopped, launchers go on, clean-ups succeed. */
function comeToRest(world: World, supervisor: ModelSupervisor): void {
  for (let round = 0; round < 400; round += 1) {
    supervisor.perform();
    supervisor.watch();
    supervisor.perform();
    for (const launcher of world.launchers) world.advance(launcher);
    for (const cleaner of [...world.cleaners]) {
      world.cleaned(cleaner, true);
      supervisor.cleaned(cleaner.guest, cleaner.turn, true);
    }
    const open = Object.values(supervisor.state.guests).filter(({ activity }) => activity.kind !== 'off');
    if (round > 60 && supervisor.state.closing === null && open.length === 0) return;
    if (round % 20 === 10 && supervisor.state.closing === null) {
      supervisor.request({ method: 'close', limit: 60_000, exit: false });
      for (const { name, activity } of open) {
        if (activity.kind === 'preserved' || activity.kind === 'stuck')
          supervisor.request({ method: 'destroy', guest: name });
      }
    }
    supervisor.pass(5000);
  }
}

/** What must be true in the end. */
function problemsOf(world: World, supervisor: ModelSupervisor): readonly string[] {
  const problems = [...world.problems, ...supervisor.problems];
  for (const { name, activity } of Object.values(supervisor.state.guests)) {
    if (activity.kind !== 'off') problems.push(`${name} does not come to rest: ${activity.kind}`);
  }
  for (const guest of world.leftovers) problems.push(`something of ${guest} is left on the host`);
  for (const guest of world.bhyves.values()) problems.push(`${guest} runs without being known`);
  for (const id of supervisor.open) problems.push(`request ${id} was never answered`);
  for (const [id, count] of supervisor.answers)
    if (count > 1) problems.push(`${id} was answered ${String(count)} times`);
  return problems;
}

function play(acts: readonly Act[], kinds: Set<string>): readonly string[] {
  const world = new World(policies);
  const supervisor = new ModelSupervisor(world);
  for (const name of names) supervisor.request({ method: 'define', guest: name, definition: definition(name, 0) });
  for (const each of acts) act(world, supervisor, each);
  comeToRest(world, supervisor);
  for (const id of supervisor.open) supervisor.problems.push(`request ${id} was never answered`);
  supervisor.killAndRestart('');
  comeToRest(world, supervisor);
  for (const kind of supervisor.kinds) kinds.add(kind);
  return problemsOf(world, supervisor);
}

/** Histories that once went wrong, as they were found. */
const found: readonly (readonly [title: string, acts: readonly Act[]])[] = [
  [
    'a guest that ends after a reboot request does not come back while all are stopped',
    [
      [0, 793, 328],
      [0, 0, 0],
      [0, 79, 0],
      [0, 0, 65],
      [362, 15, 0],
      [282, 639, 0],
      [0, 0, 287],
      [0, 574, 652],
      ...Array.from({ length: 6 }, (): Act => [0, 0, 0]),
    ],
  ],
];

test.each(found)('%s', (_title, acts) => {
  expect(play(acts, new Set())).toEqual([]);
});

test('random histories leave nothing behind, lose no request, and are told again by the journal', () => {
  const number = fc.nat({ max: 1000 });
  let steps = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, number), { minLength: 20, maxLength: 200, size: 'max' }), (acts) => {
      steps += acts.length;
      expect(play(acts, kinds)).toEqual([]);
    }),
    { numRuns: size(80, 10_000) },
  );
  console.log(`${String(steps)} random acts`);
  expect(steps).toBeGreaterThan(size(5_000, 100_000));
  const all = ['off', 'waiting', 'starting', 'running', 'stopping', 'ending', 'cleaning', 'preserved', 'stuck'];
  expect([...kinds].toSorted()).toEqual(all.toSorted());
});
