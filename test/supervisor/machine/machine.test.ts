/** The machine's policy, case by case: what follows an end, a request, a deadline. */
import { describe, expect, test } from 'vitest';
import { Drive } from './drive.ts';

function running(more: Parameters<Drive['define']>[1] = {}): Drive {
  const drive = new Drive().define('web', more);
  drive.ask({ method: 'start', guest: 'web', wait: false });
  return drive.boot('web');
}

describe('ends', () => {
  test('a reset restarts at once and keeps its files, also when the definition has changed', () => {
    const drive = running().pass(60_000);
    drive.define('web', {}, '2');
    drive.end('web', 'end 0 reboot restart');
    expect(drive.kind('web')).toBe('starting');
    expect(drive.effects.find(({ kind }) => kind === 'keep')).toMatchObject({
      warm: true,
      definition: { revision: '1' },
    });
  });

  test('the next cold start takes the newest definition', () => {
    const drive = running().define('web', {}, '2').end('web', 'end 1 poweroff destroy');
    expect(drive.kind('web')).toBe('off');
    drive.ask({ method: 'start', guest: 'web', wait: false });
    expect(drive.effects.find(({ kind }) => kind === 'keep')).toMatchObject({
      warm: false,
      definition: { revision: '2' },
    });
  });

  test('a crash restarts after a delay that doubles, and at last not at all', () => {
    const drive = running();
    const delays: number[] = [];
    while (drive.kind('web') !== 'off') {
      drive.end('web', 'end 139 crash restart');
      const { activity } = drive.guest('web');
      if (activity.kind !== 'waiting') break;
      delays.push(activity.until - drive.now);
      drive.pass(activity.until - drive.now).boot('web');
    }
    expect(delays).toEqual([2000, 4000, 8000, 16_000]);
    expect(drive.guest('web').activity).toMatchObject({ kind: 'off', reason: 'crash loop' });
  });

  test('a crash after a long run starts the count again', () => {
    const drive = running();
    for (let i = 0; i < 10; i += 1) {
      drive.pass(60_000).end('web', 'end 3 crash restart').pass(2000);
      expect(drive.kind('web')).toBe('starting');
      drive.boot('web');
    }
  });

  test('a signal is told with its number, an exit with its code', () => {
    const drive = running().end('web', 'end 134 crash destroy');
    expect(drive.notices().find(({ event }) => event === 'crashed')).toMatchObject({ signal: 6, code: null });
    const other = running().end('web', 'end 3 crash destroy');
    expect(other.notices().find(({ event }) => event === 'crashed')).toMatchObject({ signal: null, code: 3 });
  });

  test('preserve keeps the guest until it is destroyed', () => {
    const drive = running().report('web', 'end 4 crash preserve', 'kept crash').gone('web');
    expect(drive.kind('web')).toBe('preserved');
    const start = drive.ask({ method: 'start', guest: 'web', wait: false });
    expect(drive.answerOf(start)).toMatchObject({ ok: false, refusal: 'busy' });
    drive.ask({ method: 'destroy', guest: 'web' });
    expect(drive.effects).toContainEqual(expect.objectContaining({ kind: 'clean', how: 'destroy' }));
    drive.feed({ kind: 'cleaned', guest: 'web', turn: drive.turn('web'), failure: null });
    expect(drive.kind('web')).toBe('off');
  });

  test('a start that fails gives the first error to who asked', () => {
    const drive = new Drive().define('web');
    const id = drive.ask({ method: 'start', guest: 'web', wait: true });
    drive.report('web', 'launcher 9', 'failed 6 the disk /vm/a is not there', 'also 1 more', 'undone').gone('web');
    expect(drive.answerOf(id)).toMatchObject({ ok: false, refusal: 'start failed' });
    expect(drive.guest('web').activity).toMatchObject({ kind: 'off', message: 'the disk /vm/a is not there' });
  });

  test('an end that nobody saw is a crash, and what is left is cleaned away first', () => {
    const drive = running({ onCrash: 'restart' }).gone('web');
    expect(drive.kind('web')).toBe('cleaning');
    drive.pass(20_000).feed({ kind: 'cleaned', guest: 'web', turn: drive.turn('web'), failure: null });
    expect(drive.kind('web')).toBe('waiting');
  });
});

describe('requests', () => {
  test('a reboot request restarts a guest that powers off, and expires', () => {
    const drive = running();
    drive.ask({ method: 'reboot', guest: 'web', wait: false, cold: false });
    drive.pass(5000).end('web', 'end 1 poweroff destroy');
    expect(drive.kind('web')).toBe('starting');
    drive.boot('web');
    const id = drive.ask({ method: 'reboot', guest: 'web', wait: true, cold: false });
    drive.pass(121_000);
    expect(drive.answerOf(id)).toMatchObject({ ok: false, refusal: 'expired' });
    drive.end('web', 'end 1 poweroff destroy');
    expect(drive.kind('web')).toBe('off');
  });

  test.each([
    ['end 143 crash destroy', 'undone'],
    ['end 143 crash preserve', 'kept crash'],
  ])('a guest without ACPI yet is killed by the button of a reboot, and restarted: %s', (end, last) => {
    const drive = running();
    drive.ask({ method: 'reboot', guest: 'web', wait: false, cold: false });
    drive.report('web', end, last).gone('web');
    if (drive.kind('web') === 'cleaning') {
      drive.feed({ kind: 'cleaned', guest: 'web', turn: drive.turn('web'), failure: null });
    }
    expect(drive.kind('web')).toBe('starting');
  });

  test('a shutdown cancels a reboot request', () => {
    const drive = running();
    drive.ask({ method: 'reboot', guest: 'web', wait: false, cold: false });
    drive.ask({ method: 'shutdown', guest: 'web', wait: false });
    drive.end('web', 'end 1 poweroff stop');
    expect(drive.kind('web')).toBe('off');
  });

  test('a shutdown that has no effect is followed by force, and then by kill', () => {
    const drive = running();
    drive.ask({ method: 'shutdown', guest: 'web', wait: false });
    const signals = (): readonly string[] =>
      drive.all.flatMap((effect) => (effect.kind === 'signal' ? [effect.signal] : []));
    expect(signals()).toEqual(['TERM']);
    drive.pass(120_000);
    expect(signals()).toEqual(['TERM', 'USR1']);
    drive.pass(60_000);
    expect(signals()).toEqual(['TERM', 'USR1', 'KILL']);
  });

  test('destroy answers when nothing is left, not before', () => {
    const drive = running();
    const id = drive.ask({ method: 'destroy', guest: 'web' });
    drive.report('web', 'force', 'kill', 'end 137 crash stop');
    expect(drive.answerOf(id)).toBeNull();
    drive.report('web', 'undone').gone('web');
    expect(drive.answerOf(id)).toMatchObject({ ok: true, result: { means: 'kill' } });
  });

  test('a guest that is undefined while it runs is forgotten when it ends', () => {
    const drive = running();
    drive.ask({ method: 'undefine', guest: 'web', nvram: null, nvramExists: false });
    expect(drive.guest('web').persistent).toBe(false);
    drive.end('web', 'end 1 poweroff destroy');
    expect(drive.state.guests).toEqual({});
  });

  test('a variable store is neither kept nor removed by accident', () => {
    const drive = new Drive().define('web', { nvram: '/vars/web.fd' });
    const id = drive.ask({ method: 'undefine', guest: 'web', nvram: null, nvramExists: true });
    expect(drive.answerOf(id)).toMatchObject({ ok: false, refusal: 'nvram' });
    drive.ask({ method: 'undefine', guest: 'web', nvram: 'remove', nvramExists: true });
    expect(drive.effects).toContainEqual({ kind: 'remove-nvram', guest: 'web', path: '/vars/web.fd' });
  });

  test('a name or a UUID that is taken is refused', () => {
    const drive = new Drive().define('web').define('web', { uuid: 'other' }).define('mail', { uuid: 'u-web' });
    expect(drive.guest('web').definition.facts.uuid).toBe('u-web');
    expect(Object.keys(drive.state.guests)).toEqual(['web']);
  });

  test('names that JavaScript knows are names like others', () => {
    const drive = new Drive().define('__proto__').define('constructor');
    const id = drive.ask({ method: 'start', guest: 'toString', wait: false });
    expect(drive.answerOf(id)).toMatchObject({ ok: false, refusal: 'no such domain' });
    drive.ask({ method: 'start', guest: '__proto__', wait: false });
    expect(drive.started()).toEqual(['__proto__']);
  });
});

describe('all guests', () => {
  function fleet(): Drive {
    const drive = new Drive();
    drive
      .define('db')
      .define('web', { startAfter: ['db'] })
      .define('mail')
      .define('late');
    const orders = { db: [1, 0], web: [1, 0], mail: [1, 0], late: [2, 5000] } as const;
    for (const [guest, [order, delay]] of Object.entries(orders)) {
      drive.ask({ method: 'autostart', guest, autostart: { order, delay } });
    }
    return drive;
  }

  test('start with the host: order by order, after those that they depend on, and after their delay', () => {
    const drive = fleet().feed({ kind: 'begin', boot: 'b2' });
    expect(drive.started()).toEqual(['db', 'mail']);
    drive.boot('db', 100);
    expect(drive.kind('web')).toBe('starting');
    drive.boot('web', 200).pass(3000);
    expect(drive.kind('late')).toBe('off');
    drive.boot('mail', 300).pass(4999);
    expect(drive.kind('late')).toBe('off');
    drive.pass(1);
    expect(drive.kind('late')).toBe('starting');
  });

  test('start once for each boot of the host, not with each supervisor', () => {
    const drive = fleet().feed({ kind: 'begin', boot: 'b2' });
    for (const name of ['db', 'mail']) drive.boot(name);
    drive.ask({ method: 'destroy', guest: 'mail' });
    drive.end('mail', 'end 137 crash stop').feed({ kind: 'begin', boot: 'b2' });
    expect(drive.kind('mail')).toBe('off');
  });

  test('a start with the host that fails is tried again, and does not block the others for ever', () => {
    const drive = fleet().feed({ kind: 'begin', boot: 'b2' });
    drive.report('db', 'launcher 1', 'failed 6 no disk', 'undone').gone('db');
    expect(drive.kind('db')).toBe('waiting');
    for (let i = 0; i < 10 && drive.kind('db') !== 'off'; i += 1) {
      drive.pass(60_000);
      if (drive.kind('db') === 'starting') drive.report('db', 'launcher 1', 'failed 6 no disk', 'undone').gone('db');
    }
    expect(drive.kind('db')).toBe('off');
    expect(drive.kind('web')).toBe('starting');
  });

  test('a circle of dependencies starts and stops all the same', () => {
    const drive = new Drive().define('a', { startAfter: ['b'] }).define('b', { startAfter: ['a'] });
    for (const guest of ['a', 'b']) drive.ask({ method: 'autostart', guest, autostart: { order: 1, delay: 0 } });
    drive.feed({ kind: 'begin', boot: 'b2' });
    expect(drive.started()).toEqual(['a', 'b']);
    drive.boot('a').boot('b').ask({ method: 'close', limit: 60_000, exit: false });
    expect([drive.kind('a'), drive.kind('b')]).toEqual(['stopping', 'stopping']);
  });

  test('are stopped in reverse order, the rest by force, and then the supervisor ends', () => {
    const drive = fleet()
      .feed({ kind: 'begin', boot: 'b2' })
      .boot('db')
      .boot('mail')
      .boot('web')
      .pass(5000)
      .boot('late');
    const id = drive.ask({ method: 'close', limit: 90_000, exit: true });
    expect(['late', 'web', 'mail', 'db'].map((name) => drive.kind(name))).toEqual([
      'stopping',
      'running',
      'running',
      'running',
    ]);
    drive.end('late', 'end 1 poweroff stop');
    expect(['web', 'mail', 'db'].map((name) => drive.kind(name))).toEqual(['stopping', 'stopping', 'running']);
    drive.end('web', 'end 1 poweroff stop').end('mail', 'end 1 poweroff stop');
    expect(drive.kind('db')).toBe('stopping');
    drive.pass(90_000);
    expect(drive.all).toContainEqual(expect.objectContaining({ kind: 'signal', guest: 'db', signal: 'USR1' }));
    drive.end('db', 'end 137 crash stop');
    expect(drive.answerOf(id)).toMatchObject({ ok: true, result: { stopped: 4 } });
    expect(drive.effects).toContainEqual({ kind: 'exit' });
  });
});

test('a clock that is set back changes nothing', () => {
  const drive = running();
  drive.now -= 3_600_000;
  drive.end('web', 'end 139 crash restart');
  const { activity } = drive.guest('web');
  expect(activity).toMatchObject({ kind: 'waiting' });
  drive.now += 3_600_000;
  drive.pass(2000);
  expect(drive.kind('web')).toBe('starting');
});
