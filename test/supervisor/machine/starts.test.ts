/** What the machine makes of a start: a guest runs once bhyve is done with its devices, and not before. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/supervisor/machine/view.ts';
import { Drive } from './drive.ts';

function starting(): { readonly drive: Drive; readonly id: string } {
  const drive = new Drive().define('web');
  const id = drive.ask({ method: 'start', guest: 'web', wait: true });
  return { drive: drive.report('web', 'launcher 499', 'bhyve 500'), id };
}
const told = (drive: Drive): readonly string[] => drive.notices().map(({ event }) => event);

test('a bhyve that sets up its devices is no guest that runs', () => {
  const { drive, id } = starting();
  expect([drive.kind('web'), drive.answerOf(id), viewOf(drive.guest('web'))]).toMatchObject([
    'starting',
    null,
    { state: 'starting', reason: 'bhyve sets up its devices', id: null, since: null },
  ]);
  drive.report('web', 'guest 500');
  expect([drive.kind('web'), drive.answerOf(id)]).toMatchObject(['running', { ok: true, result: { id: 500 } }]);
  expect(told(drive)).toEqual(['defined', 'starting', 'started']);
});

test('a device that bhyve refuses never passes for started', () => {
  const { drive, id } = starting();
  drive.end('web', 'end 4 crash destroy');
  expect(drive.answerOf(id)).toMatchObject({ ok: false, refusal: 'start failed' });
  expect(told(drive)).not.toContain('started');
});

test('whoever waits for a bhyve that waits for somebody is answered, and the guest may run later', () => {
  const { drive, id } = starting();
  drive.pass(29_999);
  expect(drive.answerOf(id)).toBe(null);
  drive.pass(1);
  expect(drive.answerOf(id)).toEqual({
    ok: false,
    refusal: 'expired',
    message: 'web is still starting: bhyve (process 500) is not done with its devices',
  });
  drive.pass(3_600_000).report('web', 'guest 500');
  expect(drive.kind('web')).toBe('running');
});

test('a loader is waited for as long as its launcher lets it run', () => {
  const drive = new Drive().define('web');
  const id = drive.ask({ method: 'start', guest: 'web', wait: true });
  drive.report('web', 'launcher 499', 'loader 500').pass(290_000);
  expect(drive.answerOf(id)).toBe(null);
});

test('others that start with the host wait for a bhyve at its devices as long as anybody does', () => {
  const drive = new Drive().define('db').define('web', { startAfter: ['db'] });
  drive.ask({ method: 'autostart', guest: 'db', autostart: { order: 1, delay: 0 } });
  drive.ask({ method: 'autostart', guest: 'web', autostart: { order: 2, delay: 0 } });
  drive.feed({ kind: 'begin', boot: 'b2' });
  expect([drive.kind('db'), drive.kind('web')]).toEqual(['starting', 'off']);
  drive.report('db', 'launcher 1', 'bhyve 2').pass(29_999);
  expect([drive.kind('db'), drive.kind('web')]).toEqual(['starting', 'off']);
  drive.pass(1);
  expect([drive.kind('db'), drive.kind('web')]).toEqual(['starting', 'starting']);
});

test('the launcher of an older build says guest when bhyve begins', () => {
  const drive = new Drive().define('web');
  drive.ask({ method: 'start', guest: 'web', wait: true });
  drive.report('web', 'launcher 499', 'guest 500');
  expect(drive.kind('web')).toBe('running');
});
