/** `bhyvec plan --against-running`: the guests of a stand-in host, and those of a supervisor. */
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { planBackend } from '../../src/backends/plan-file/emit.ts';
import { compareRunning } from '../../src/changes/running.ts';
import { runPlan } from '../../src/cli/commands/plan.ts';
import type { PlanFlags } from '../../src/cli/options.ts';
import { plain } from '../../src/diagnostics/render.ts';
import { guestOf } from '../../src/launches/running.ts';
import { serveFake } from '../control/served.ts';
import { Guest, hosts, limits } from '../launcher/guest.ts';
import { guestXml as launcherXml, planOf } from '../launcher/guests.ts';
import { guestXml, openWorkshop, vnc } from './workshop.ts';

const shop = openWorkshop();
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
  shop.remove();
});

async function plan(
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
  flags: Partial<PlanFlags> = {},
): Promise<[number, string, string]> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => Promise.resolve(void (out += text)),
    err: (text: string) => void (err += text),
    ...{ outPalette: plain, errPalette: plain, doing: null },
  };
  const all = { againstRunning: true, format: 'text', target: 'freebsd-14.3', schema: 'off', ...flags } as const;
  const status = await runPlan(files, all, terminal, environment);
  return [status, out, err];
}

test('what runs and is not known changes, what is in no document goes, what does not run comes', () => {
  const [web, changed, db] = [
    planOf(launcherXml({ name: 'web' })),
    planOf(launcherXml({ name: 'web', vcpus: 4 })),
    planOf(launcherXml({ name: 'db', nics: 0 })),
  ];
  const after = new Map([web, db].map((one) => [one.vmname, one]));
  expect(compareRunning([{ guest: 'web', plan: web }], new Map([['web', web]]))).toMatchObject([{ kind: 'unchanged' }]);
  const unknown = { guest: 'db', plan: null, why: 'nobody knows' } as const;
  const other = { ...unknown, guest: 'app' };
  const lines = compareRunning([unknown, { guest: 'web', plan: changed }, other], after).map(
    ({ guest, kind, degree, changes }) => [guest, kind, degree, ...changes.map(({ text }) => text)],
  );
  expect(lines).toEqual([
    ['app', 'removed', 'may-lose-data', 'runs, and none of these documents has it'],
    ['db', 'changed', 'needs-restart', 'what it runs with is not known: nobody knows'],
    ['web', 'changed', 'needs-restart', 'vCPUs: 4 becomes 2'],
  ]);
  expect(compareRunning([], after).map(({ kind, changes }) => [kind, changes[0]?.text])).toEqual([
    ['added', 'is not running'],
    ['added', 'is not running'],
  ]);
});

test.each([
  ['bhyve: web', 'web'],
  ['bhyve: web-1.a (bhyve)', 'web-1.a'],
  ['bhyve -c cpus=2 -s 0,hostbridge db', 'db'],
  ['/usr/sbin/bhyve -k /tmp/x.conf db', 'db'],
  ['bhyve -h', null],
  ['vi /usr/sbin/bhyve web', null],
  ['/bin/sh /usr/local/libexec/bhyvec/web/launch run', null],
  ['bhyvectl --vm=web', null],
  ['[bhyve]', null],
])('%s runs %j', (command, guest) => {
  expect(guestOf({ command })).toBe(guest);
});

test('on a host: each guest by the plan beside its launcher, as long as that is the one it was started with', async () => {
  const guest = new Guest();
  const { env } = guest.host;
  const planFile = path.join(path.dirname(guest.launch), 'plan.json');
  for (const { text } of planBackend.emit(planOf(launcherXml()))) writeFileSync(planFile, text);
  const same = shop.put('g.xml', launcherXml());
  const other = shop.put('h.xml', guestXml('h'));
  expect(await plan([same], env)).toEqual([2, '+ g\n    + is not running  [host only]\n1 guest: 1 host only\n', '']);

  guest.host.script('g', 'run');
  const running = guest.host.start(guest.launch, ['run'], { env: limits });
  await guest.untilUp();
  expect(await plan([same], env)).toEqual([0, '1 guest: 1 nothing to do\n', '']);
  const more = shop.put('more.xml', launcherXml({ vcpus: 3 }));
  expect((await plan([more, other], env)).slice(0, 2)).toEqual([
    2,
    '~ g\n    ~ vCPUs: 2 becomes 3  [needs restart]\n+ h\n    + is not running  [host only]\n' +
      '2 guests: 1 needs restart, 1 host only\n',
  ]);
  expect((await plan([other], env))[1]).toContain(
    '- g\n    - runs, and none of these documents has it  [may lose data]',
  );

  // Written anew, with an old time: it says nothing of what runs.
  for (const { text } of planBackend.emit(planOf(launcherXml({ vcpus: 3 })))) writeFileSync(planFile, text);
  utimesSync(planFile, 1, 1);
  const [status, out] = await plan([more], env);
  expect([status, out]).toEqual([
    2,
    `~ g\n    ~ what it runs with is not known: ${planFile} is newer than its start  [needs restart]\n` +
      '1 guest: 1 needs restart\n',
  ]);
  expect((await guest.verb('stop')).status).toBe(0);
  await running.done;
});

test('of a supervisor: by the XML that a guest runs with; passwords are compared by nobody', async () => {
  const served = await serveFake();
  try {
    const connect = `bhyve+unix:///system?socket=${served.file}`;
    const ask = async (xml: string): Promise<[number, string, string]> =>
      await plan([shop.put('web.xml', xml)], {}, { connect });
    const xml = guestXml('web', vnc('secret'));
    expect((await ask(xml))[1]).toContain('~ web\n    ~ what it runs with is not known: its XML does not compile');
    await served.ask(
      `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'domain.define', params: { xml, name: 'web.xml' } })}\n`,
    );
    expect(await ask(xml)).toEqual([0, '1 guest: 1 nothing to do\n', '']);
    expect((await ask(guestXml('web', vnc('another'))))[1]).toBe('1 guest: 1 nothing to do\n');
    expect((await ask(guestXml('web', vnc('').replace(" passwd=''", ''))))[1]).toBe('1 guest: 1 nothing to do\n');
    const [status, out] = await ask(guestXml('web', vnc('secret', 5907)));
    expect([status, out]).toEqual([2, expect.stringContaining('5901 becomes 127.0.0.1:5907  [host only]')]);
    // Domain db is defined and does not run.
    expect((await ask(guestXml('db')))[1]).toMatch(/^[+] db\n.*is not running.*\n- web\n/);
  } finally {
    await served.end();
  }
  const [status, out, err] = await plan(
    [shop.put('web.xml')],
    {},
    { connect: 'bhyve+unix:///system?socket=/nowhere/s' },
  );
  expect([status, out, err]).toEqual([1, '', expect.stringContaining('there is no supervisor: no socket /nowhere/s')]);
  await expect(plan(['web.xml'], {}, { connect: 'bhyve:///system', againstRunning: false })).rejects.toThrow(
    '-c has a meaning for plan only with --against-running',
  );
});
