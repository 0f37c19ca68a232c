/**
 * Random histories with real processes: requests, guests that end in all ways, host commands that fail, kill -9 of
 * launchers, of bhyve, and of the supervisor at any moment. Whatever happens: no guest runs twice, each request over a
 * connection that lives is answered exactly once, the supervisor does not end by itself, and in the end the host is as
 * it was and the journal says what the list says.
 */
import fc from 'fast-check';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { size } from '../full.ts';
import { starts, writtenBeforeKill } from './harness.ts';
import { idle, until } from '../until.ts';
import { buildPrograms } from './process.ts';
import { names, World, xml } from './torture-world.ts';
import { forAllTests } from '../lend.ts';

const programs = forAllTests(buildPrograms, (it) => {
  it.remove();
});

/** One random act: what, on whom, how, and the milliseconds before the next one. */
type Act = readonly [what: number, whom: number, how: number, pause: number];

function pick<T>(list: readonly [T, ...T[]], how: number): T {
  return list[how % list.length] ?? list[0];
}

/** Sends a request and does not wait for its answer. */
function ask(world: World, domain: string, how: number): void {
  const more = Math.floor(how / 12);
  const wait = more % 2 === 0;
  const definition = { xml: xml(domain, more % 3 === 0 ? '1024' : '512'), name: domain };
  const send = (method: string, params: unknown): void => {
    world.tell(`${method} ${domain}${wait ? ' and wait' : ''}`);
    void world.ask(method, params);
  };
  switch (how % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
      send('domain.start', { domain, wait });
      break;
    case 4:
      send('domain.shutdown', { domain, wait });
      break;
    case 5:
    case 6:
      send('domain.reboot', { domain, wait, cold: more % 3 === 0 });
      break;
    case 7:
      send('domain.reset', { domain });
      break;
    case 8:
      send('domain.destroy', { domain });
      break;
    case 9:
      send('domain.undefine', { domain, nvram: null });
      if (wait) send('domain.define', definition);
      break;
    case 10:
      send('domain.define', definition);
      break;
    default:
      send('domain.autostart', { domain, enable: more % 3 !== 0, order: more % 2, delaySeconds: 0 });
  }
}

/** A host command that fails soon, once. */
function fail(world: World, how: number): void {
  const pattern = pick(
    ['ifconfig', 'ifconfig * addm *', 'ifconfig * destroy *', 'bhyvectl', 'bhyve', 'bhyveload', 'rm', 'mkdir'],
    how,
  );
  const after = how % 3 === 0;
  world.tell(`${pattern} fails${after ? ' afterwards' : ''}`);
  world.host.disarm();
  world.host.fail(1 + (Math.floor(how / 8) % 4), { pattern, after });
}

/** What a guest plays at its next starts, or now. */
const entries = ['exit:0', 'exit:1', 'exit:3', 'signal:SEGV'] as const;
const moods = ['run', 'exit:3', 'exit:0', 'slow-term:1', 'ignore-term', 'stuck', 'hang', 'exit-at-once:4'] as const;

async function restart(world: World, how: number): Promise<void> {
  const signal = how % 5 === 0 ? 'SIGTERM' : 'SIGKILL';
  world.tell(`${signal} to the supervisor`);
  await world.stop(signal);
  if (how % 3 === 0) {
    const milliseconds = (Math.floor(how / 3) % 10) * 80;
    world.tell(`another one is killed after ${String(milliseconds)} ms`);
    await world.startAndKill(milliseconds);
  }
  world.tell('a new supervisor');
  await world.start();
}

async function act(world: World, [what, whom, how, pause]: Act): Promise<void> {
  const guest = names[whom % names.length] ?? 'web';
  switch (what % 20) {
    case 10:
    case 11:
    case 12: {
      const entry = pick(entries, how);
      world.tell(`${guest} plays ${entry}`);
      world.play(guest, entry);
      break;
    }
    case 13: {
      const mood = pick(moods, how);
      world.tell(`${guest} will play ${mood}`);
      world.host.script(guest, mood);
      break;
    }
    case 14:
      world.tell(`SIGKILL to the launcher of ${guest}`);
      world.killLauncher(guest);
      break;
    case 15:
      world.tell(`SIGKILL to bhyve of ${guest}`);
      world.killBhyve(guest);
      break;
    case 16:
      fail(world, how);
      break;
    case 17:
      world.tell('hangs up');
      world.hangUp();
      break;
    case 18:
    case 19:
      // Often right after a request: it may be taken, or not.
      if (how % 2 === 0) ask(world, guest, Math.floor(how / 2));
      if (how % 4 === 0) await idle(how % 50);
      await restart(world, how);
      break;
    default:
      ask(world, guest, how);
  }
  await idle(pause);
}

async function play(acts: readonly Act[]): Promise<string> {
  const world = await World.create(programs());
  try {
    for (const each of acts) await act(world, each);
    // Requests that are open now have to be answered by this supervisor; the last one begins with its journal.
    await world.comeToRest();
    world.tell('the last supervisor');
    await world.stop('SIGKILL');
    await world.start();
    await world.comeToRest();
    return world.problems.length === 0 ? '' : world.story();
  } finally {
    await world.end();
  }
}

const number = fc.nat({ max: 1000 });

/** Acts that kill and fail come more often in every other history. */
const kinds = [fc.nat({ max: 19 }), fc.constantFrom(0, 0, 0, 0, 0, 10, 14, 14, 15, 16, 16, 18, 19)];

/** The acts of a history by its number: histories differ in how rough they are, and in how hasty. */
function historyOf(seed: number, count: number): readonly Act[] {
  const what = kinds[seed % kinds.length] ?? number;
  const pause = [400, 60, 1000][seed % 3] ?? 400;
  const acts = fc.array(fc.tuple(what, number, number, fc.nat({ max: pause })), {
    minLength: count,
    maxLength: count,
    size: 'max',
  });
  return fc.sample(acts, { seed, numRuns: 1 })[0] ?? [];
}

test('found: a guest that is not wanted any more, whose launcher was never started, leaves no files', async () => {
  const world = await World.create(programs());
  try {
    const paths = world.paths();
    await world.stop('SIGKILL');
    for (const [id, method] of [
      ['x.1', 'start'],
      ['x.2', 'shutdown'],
    ] as const) {
      const request = { method, guest: 'web', wait: false };
      writtenBeforeKill(paths.journal, { kind: 'request', id, request, at: Date.now() });
    }
    // The files of the turn, which may have secrets in them, had been written.
    mkdirSync(paths.guest('web'));
    writeFileSync(paths.launcher('web'), '');
    await world.start();
    await until(() => readdirSync(paths.guests).length === 0, 'no files of turns');
    expect(starts(world.host, 'web')).toBe(0);
    await world.comeToRest();
    expect(world.problems).toEqual([]);
  } finally {
    await world.end();
  }
});

test('random histories with real processes', async () => {
  const base = fc.readConfigureGlobal().seed ?? 1;
  const [runs, count] = [size(1, 10), size(5, 100)];
  const found: string[] = [];
  let acts = 0;
  // They wait most of the time, each in a world of its own.
  const one = async (seed: number): Promise<void> => {
    const history = historyOf(seed, count);
    const story = await play(history);
    if (story !== '') found.push(`seed ${String(seed)}\n${story}`);
    acts += history.length;
  };
  await Promise.all(Array.from({ length: runs }, (_, run) => one(base + run)));
  console.log(`${String(acts)} acts with real processes, seeds from ${String(base)} to ${String(base + runs - 1)}`);
  expect(found.join('\n\n')).toBe('');
  expect(acts).toBe(runs * count);
});
