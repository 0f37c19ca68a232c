/** The commands in virsh's words, against a supervisor that answers: what they print, and how they end. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { buildCli, type Ran } from './cli.ts';
import { serveFake } from './served.ts';
import { then, uuidOf } from './views.ts';
import { forAllTests, forEachTest } from '../lend.ts';

const cli = forAllTests(buildCli, (it) => {
  it.program.remove();
});
const served = forEachTest(serveFake, (it) => it.end());

async function run(words: string, input?: string): Promise<Ran> {
  const env = { BHYVEC_DEFAULT_URI: `bhyve+unix:///system?socket=${served().file}` };
  const all = words.split(' ');
  return input === undefined ? await cli().ask(all, env) : await cli().run(all, env, input);
}

const done = (out: string): Ran => ({ status: 0, out, err: '' });

describe('what is shown', () => {
  test('list', async () => {
    served().fake.add('a-long-name', { state: 'crashed', title: 'Mail\u001b[31m server' });
    expect(await run('list')).toEqual(
      done([' Id     Name   State', '------------------------', ' 4711   web    running', '', ''].join('\n')),
    );
    expect(await run('list --all --title')).toEqual(
      done(
        [
          ' Id     Name          State      Title',
          '------------------------------------------------------',
          ' 4711   web           running',
          ' -      a-long-name   crashed    Mail\\x1b[31m server',
          ' -      db            shut off',
          '',
          '',
        ].join('\n'),
      ),
    );
    expect(await run('list --inactive --name')).toEqual(done('a-long-name\ndb\n'));
    expect(await run('list --uuid')).toEqual(done(`${uuidOf('web')}\n`));
    expect(await run('list --all --autostart')).toEqual(done(' Id   Name   State\n--------------------\n\n'));
    const { out } = await run('list --all --format json');
    expect(JSON.parse(out)).toMatchObject({ domains: [{ name: 'web', id: 4711 }, { name: 'a-long-name' }, {}] });
    const schema = JSON.parse(readFileSync('schemas/list.schema.json', 'utf8')) as object;
    expect(new Ajv2020({ allowUnionTypes: true }).validate(schema, JSON.parse(out))).toBe(true);
  });

  test('domstate, domid, domname, domuuid, uri, metrics', async () => {
    expect(await run('domstate web db')).toEqual(done('running\nshut off\n'));
    expect(await run('domstate --reason web')).toEqual(done('running (booted)\n'));
    expect(await run('domid web db')).toEqual(done('4711\n-\n'));
    expect(await run(`domname 4711 ${uuidOf('db')}`)).toEqual(done('web\ndb\n'));
    expect(await run('domuuid db')).toEqual(done(`${uuidOf('db')}\n`));
    expect(await run('uri')).toEqual(done(`bhyve+unix:///system?socket=${served().file}\n`));
    expect(await run('metrics')).toEqual(done('bhyvec_guests{state="running"} 2\n'));
  });

  test('dominfo', async () => {
    const more = { autostart: true, autostartOrder: 2, autostartDelaySeconds: 5, changedSinceStart: true };
    served().fake.add('web', { state: 'running', reason: 'booted', id: 9, since: then, startAfter: ['db'], ...more });
    expect((await run('dominfo web')).out).toBe(
      [
        'Id:             9',
        'Name:           web',
        `UUID:           ${uuidOf('web')}`,
        'OS Type:        hvm',
        'State:          running (booted)',
        'CPU(s):         2',
        'Max memory:     2097152 KiB',
        'Used memory:    2097152 KiB',
        'Persistent:     yes',
        'Autostart:      enable (order 2, delay 5 s)',
        'Start after:    db',
        'Managed save:   no',
        'On poweroff:    destroy',
        'On reboot:      restart',
        'On crash:       destroy',
        'Starts:         0',
        'Running since:  2026-11-24T11:13:09.042Z',
        'Definition:     changed since start: the next cold start takes the new one',
        '',
        '',
      ].join('\n'),
    );
  });

  test('domstats and dumpxml', async () => {
    expect(await run('domstats web')).toEqual(done("Domain: 'web'\n  state.state=1\n  net.0.name=tap-web\n\n"));
    expect(JSON.parse((await run('domstats -f json')).out)).toMatchObject({
      domains: [{ name: 'web' }, { name: 'db' }],
    });
    expect((await run('dumpxml web')).out).toBe("<domain type='bhyve'><name>web</name><graphics/></domain>\n");
    expect((await run('dumpxml web --security-info')).out).toContain("passwd='x'");
  });
});

describe('what is done', () => {
  test('start, shutdown, reboot, reset, destroy', async () => {
    expect(await run('start db')).toEqual(done("Domain 'db' started\n"));
    expect(served().fake.get('db')?.state).toBe('running');
    expect(await run('reboot web')).toEqual(done("Domain 'web' is being rebooted\n"));
    expect(await run('reboot web --wait --cold')).toEqual(done("Domain 'web' was rebooted\n"));
    expect(await run('reset web')).toEqual(done("Domain 'web' was reset\n"));
    expect(await run('shutdown web')).toEqual(done("Domain 'web' is being shutdown\n"));
    expect(await run('shutdown web --wait --mode acpi')).toEqual(done("Domain 'web' was shut down\n"));
    expect(await run('destroy db')).toEqual(done("Domain 'db' destroyed\n"));
    expect(await run('start --no-wait web db')).toEqual(
      done("Domain 'web' is being started\nDomain 'db' is being started\n"),
    );
    expect(await run('destroy --graceful db')).toEqual(done("Domain 'db' destroyed\n"));
    expect(served().fake.calls.filter((name) => name === 'domain.destroy')).toHaveLength(1);
    expect(await run('shutdown-all --limit 10')).toEqual(done('1 domain shut down\n'));
  });

  test.runIf(full)('several domains: the others are done, the exit status is 1', async () => {
    expect(await run('start web wbe db')).toEqual({
      status: 1,
      out: "Domain 'db' started\n",
      err: [
        "bhyvec: domain 'web' is already running",
        "bhyvec: there is no domain 'wbe'; did you mean 'web'?",
        '',
      ].join('\n'),
    });
    const json = await run('reset web nobody --format json');
    expect(json.status).toBe(1);
    expect(json.err).toBe("bhyvec: there is no domain 'nobody'; 'bhyvec list --all' shows all\n");
    expect(JSON.parse(json.out)).toEqual({
      domains: [
        { ok: true, name: 'web' },
        {
          ok: false,
          domain: 'nobody',
          error: { code: -32_001, message: "there is no domain 'nobody'", data: { kind: 'no such domain' } },
        },
      ],
    });
  });

  test('define, undefine, autostart', async () => {
    writeFileSync(path.join(cli().program.folder, 'new.xml'), "<domain type='bhyve'><name>new</name></domain>\n");
    expect(await run('define new.xml')).toEqual(done("Domain 'new' defined from new.xml\n"));
    expect((await run('define -', '<domain><name>web</name></domain>')).out).toBe(
      "Domain 'web' defined from <stdin>; it runs, and takes this at its next cold start\n",
    );
    expect(await run('define -', '<domain/>')).toEqual({
      status: 1,
      out: '',
      err: '<stdin>:1:2: error[BV0201 missing-element]: the domain has no name\nbhyvec: <stdin> has 1 error\n',
    });
    expect(await run('define nowhere.xml')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/nowhere.xml: no such file or directory/) as string,
    });
    expect(await run('autostart new --order 3 --delay 1')).toEqual(done("Domain 'new' marked as autostarted\n"));
    expect(served().fake.get('new')).toMatchObject({ autostart: true, autostartOrder: 3, autostartDelaySeconds: 1 });
    expect(await run('autostart new --disable')).toEqual(done("Domain 'new' unmarked as autostarted\n"));
    expect(await run('undefine new')).toEqual(done("Domain 'new' has been undefined\n"));
    served().fake.add('uefi');
    expect(await run('undefine uefi')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/keep it; --nvram removes it, --keep-nvram keeps it/) as string,
    });
    expect(await run('undefine uefi --nvram')).toMatchObject({ status: 0 });
  });
});

describe('event', () => {
  test.runIf(full)('one, as virsh prints it', async () => {
    const uri = { BHYVEC_DEFAULT_URI: `bhyve+unix:///system?socket=${served().file}` };
    const running = cli().start(['event', '--timestamp', '--domain', 'web'], uri);
    await expect.poll(() => served().fake.held().subscribers).toBe(1);
    served().fake.tell('db', 'started', 'booted');
    served().fake.tell('web', 'crashed', 'crashed', { signal: 11 });
    expect(await running.ended).toEqual(
      done(
        "2026-11-24 11:13:09.042+0000: event 'lifecycle' for domain 'web': Crashed Crashed (signal 11)\n" +
          'events received: 1\n',
      ),
    );
  });

  test.runIf(full)('many as JSON, until it is interrupted', async () => {
    const uri = { BHYVEC_DEFAULT_URI: `bhyve+unix:///system?socket=${served().file}` };
    const running = cli().start(['event', '--loop', '--format', 'json'], uri);
    await expect.poll(() => served().fake.held().subscribers).toBe(1);
    served().fake.tell('web', 'reboot', 'the guest was reset');
    served().fake.tell('db', 'started', 'booted');
    await expect.poll(() => running.out().split('\n').length).toBe(3);
    running.child.kill('SIGINT');
    const { status, out } = await running.ended;
    expect(status).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { guest: 'web', event: 'reboot' },
      { guest: 'db', event: 'started' },
    ]);
  });

  test('none in time; names', async () => {
    expect(await run('event --timeout 1')).toMatchObject({
      status: 1,
      out: 'event loop timed out\nevents received: 0\n',
    });
    expect((await run('event --list')).out).toContain(
      '\nstarted    bhyve has set up its devices, and the guest runs\n',
    );
    expect(await run('event --event strated')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/did you mean 'started'\?/) as string,
    });
    expect(await run('event --domain wbe')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/did you mean 'web'\?/) as string,
    });
  });
});

describe('what keeps them from it', () => {
  const nowhere = 'bhyve+unix:///system?socket=/nowhere/sock';

  test('no supervisor', async () => {
    const { status, out, err } = await cli().run(['-c', nowhere, 'list']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toBe(
      "bhyvec: there is no supervisor: no socket /nowhere/sock; start it with 'service bhyvecd start', " +
        "or with 'bhyvec supervise' in the foreground\n",
    );
    const root = await cli().run(['list'], { BHYVEC_ROOT: '/other' });
    expect(root.err).toContain('no socket /other/var/run/bhyvecd/sock;');
    const { err: proxy } = await cli().run(['proxy', '--socket', '/nowhere/sock']);
    expect(proxy).toContain('no socket /nowhere/sock; start it');
  });

  test.each([
    [['list', '-c', 'qemu:///system'], 'the driver has to be bhyve, not qemu'],
    [['-c', nowhere, 'argv', 'x.xml'], '-c has no meaning for argv'],
    [['plan', 'x.xml', '-c', nowhere], '-c has a meaning for plan only with --against-running'],
    [
      ['plan', 'x.xml', '--against', 'b', '--against-running'],
      "'--against-running' cannot be used with option '--against",
    ],
    [['start'], "missing required argument 'domains'"],
    [['start', 'a', 'b', '--console'], '--console is for one domain'],
    [['console', 'web', 'com5'], "there is no port 'com5'; there are com1, com2, com3 and com4"],
    [['autostart', 'web', '--order', '-1'], 'It is a whole number from 0 to 65535.'],
    [['list', '--all', '--inactive'], "option '--inactive' cannot be used with option '--all'"],
    [['list', '--name', '--title'], '--title is for the table'],
    [['lsit'], '(Did you mean list?)'],
  ])('%j is wrong usage', async (words, message) => {
    const { status, out, err } = await cli().run(words);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(message);
  });

  test.runIf(full)('a supervisor that goes away', async () => {
    served().fake.holdBack();
    const running = run('start db');
    await expect.poll(() => served().fake.calls).toContain('domain.start');
    await served().server.close();
    expect(await running).toMatchObject({
      status: 1,
      err: expect.stringMatching(/the supervisor ends; guests go on/) as string,
    });
    served().fake.finish('db');
  });

  test('something that is no supervisor', async () => {
    const { createServer } = await import('node:net');
    const file = path.join(served().folder, 'other');
    const other = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => other.listen(file, resolve));
    const { status, err } = await cli().run(['-c', `bhyve:///system?socket=${file}`, 'list']);
    expect({ status, err }).toEqual({
      status: 1,
      err: expect.stringContaining('does not answer as a supervisor') as string,
    });
    other.close();
  });
});
