/** Secrets of guests: in files of mode 0600 only, in no command line that can do without, and shown nowhere. */
import { chmodSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guestXml, openWorkshop, vnc, type Built } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
const [first, second] = ['Tr0ub4d0', 'x"y%z,'];

/** The files of the last build that hold a text, with their modes. */
function holders(text: string): readonly string[] {
  return Object.entries(shop().snapshot()).flatMap(([name, content]) => (content.includes(text) ? [name] : []));
}

function show({ out, err }: Built): string {
  return out + err;
}

function putSecrets(value: unknown, mode = 0o600): string {
  const file = shop().put('passwords.json', typeof value === 'string' ? value : JSON.stringify(value));
  chmodSync(file, mode);
  return file;
}

test('with -k the password is in secrets.conf, and nowhere else', async () => {
  const file = shop().put('web.xml', guestXml('web', vnc(first)));
  const built = await shop().build([file]);
  expect(holders(first)).toEqual(['600 web/secrets.conf']);
  expect(shop().files()).toContain('644 web/bhyve.conf');
  expect(shop().read('out/web/bhyve.conf')).toMatch(/Run: bhyve -k bhyve[.]conf -k secrets[.]conf web\n/);
  expect(shop().read('out/web/bhyve.conf')).toMatch(/^# pci[.]0[.]\d+[.]0[.]password is in secrets[.]conf$/m);
  expect(shop().read('out/web/secrets.conf')).toMatch(/^pci[.]0[.]\d+[.]0[.]password=Tr0ub4d0\n$/);
  shop().put('web.xml', guestXml('web', vnc(second)));
  const check = await shop().build([file], { check: true });
  const again = await shop().build([file]);
  for (const one of [built, check, again]) {
    expect(show(one)).not.toContain(first);
    expect(show(one)).not.toContain(second);
  }
  expect(check.status).toBe(1);
  expect(check.out).toContain('.password=<secret>\n');
  expect(check.out).toContain('.password=<secret, another one>\n');
  expect(again.err).toMatch(/1 file changed/);
});

test('without -k the files with the command are for their owner only', async () => {
  const file = shop().put('web.xml', guestXml('web', vnc(first)));
  const old = { target: 'freebsd-12.4' };
  const check = await shop().build([file], { ...old, check: true });
  await shop().build([file], old);
  const found = holders(first);
  expect(found.length).toBeGreaterThan(0);
  for (const name of found) expect(name).toMatch(/^[67]00 web\/(argv|launch)$/);
  expect(found).toContain('600 web/argv');
  expect(check.out).toContain('password=<secret>');
  expect(show(check)).not.toContain(first);
  const plan = shop().read('out/web/plan.json');
  expect(plan).toContain('password=<secret>');
  // A build for a later target takes the secret out of the files that are no secret any more.
  const later = await shop().build([file], { check: true });
  expect(show(later)).not.toContain(first);
});

/** A guest with a VNC server of 640x480, with another width where one is given. */
function sized(password: string, width = 640): string {
  const video = `<video><model type='gop'><resolution x='${String(width)}' y='480'/></model></video>`;
  return shop().put('web.xml', guestXml('web', vnc(password).replace(/<video>.*/, video)));
}

test.each(['freebsd-12.4', 'freebsd-14.3'])(
  'what stands behind a password is shown and compared: %s',
  async (target) => {
    await shop().build([sized(first)], { target });
    const check = await shop().build([sized(first, 800)], { target, check: true });
    expect(check.out).toContain('w=640');
    expect(check.out).toContain('w=800');
    expect(check.out).not.toContain('another one');
    expect(show(check)).not.toContain(first);
    // Both at once are told apart.
    const both = await shop().build([sized('N3w', 800)], { target, check: true });
    expect(both.out).toContain('w=800');
    expect(both.out).toContain('<secret, another one>');
    expect(show(both)).not.toMatch(/Tr0ub4d0|N3w/);
  },
);

test.each(['argv', 'launch'])('an edit by hand behind the password is kept: %s', async (name) => {
  const old = { target: 'freebsd-12.4' };
  await shop().build([sized(first)], old);
  const file = `out/web/${name}`;
  shop().put(file, shop().read(file).replaceAll('w=640', 'w=1024'));
  const { err } = await shop().build([shop().put('db.xml')], old);
  expect(err).toContain(`web/${name} belongs to no guest or network any more, but was changed by hand: it stays`);
  expect(readdirSync(shop().at('out/web'))).toEqual([name]);
});

test('a path with password= in it is no secret', async () => {
  const disk = (file: string): string =>
    `<disk type='file'><source file='${file}'/><target dev='vdb' bus='virtio'/></disk>`;
  const share = "<filesystem type='mount'><source dir='/tank'/><target dir='password'/></filesystem>";
  const guest = (file: string): string => shop().put('web.xml', guestXml('web', `${disk(file)}${share}`));
  const built = await shop().build([guest('/vm/password=one.img')]);
  expect(built.status).toBe(0);
  expect(
    shop()
      .files()
      .filter((name) => name.startsWith('600')),
  ).toEqual([]);
  const check = await shop().build([guest('/vm/password=two.img')], { check: true });
  expect(check.out).toContain('/vm/password=one.img');
  expect(check.out).toContain('/vm/password=two.img');
  expect(check.out).not.toContain('<secret');
});

test('what a build of 0.1.0 has left is not shown', async () => {
  const web = sized(first);
  for (const target of ['freebsd-12.4', 'freebsd-14.3']) {
    await shop().build([web], { target });
    const [conf, launch] = ['out/web/bhyve.conf', 'out/web/launch'];
    shop().put(
      launch,
      shop()
        .read(launch)
        .replaceAll('"$secret_1"', first)
        .replace(/^secret_1=.*\n/m, ''),
    );
    if (target === 'freebsd-14.3') {
      shop().put(
        conf,
        shop()
          .read(conf)
          .replace(/^# (pci\S*[.]password) is .*$/m, `$1=${first}`),
      );
      expect(shop().read(conf)).toContain(`password=${first}\n`);
    } else expect(shop().read(launch)).toContain(`password=${first},w=640`);
    const check = await shop().build([web], { target, check: true });
    expect(check.status).toBe(1);
    expect(check.out).toContain('password=<secret>');
    expect(show(check)).not.toContain(first);
    expect((await shop().build([web], { target })).status).toBe(0);
    expect(holders(first).filter((name) => name.includes('bhyve.conf'))).toEqual([]);
  }
});

test('the words of the user are looked at, too', async () => {
  const words = ['-s', `7:0,fbuf,tcp=0.0.0.0:5910,password=${first},w=800,h=600`];
  const raw = words.map((word) => `<bhyve:arg value='${word}'/>`).join('');
  const file = shop().put('web.xml', guestXml('web', '', `<bhyve:commandline>${raw}</bhyve:commandline>`));
  const check = await shop().build([file], { check: true });
  await shop().build([file]);
  expect(holders(first)).toEqual(['600 web/argv', '700 web/launch', '600 web/secrets.conf']);
  expect(show(check)).not.toContain(first);
  // The file for bhyve -k is anybody's: what a word of the user has as a key stands in it, its password does not.
  expect(shop().read('out/web/bhyve.conf')).toMatch(/^# pci[.]0[.]7[.]0[.]password is in secrets[.]conf$/m);
  expect(shop().read('out/web/secrets.conf')).toBe(`pci.0.7.0.password=${first}\n`);
});

test('a guest that is gone takes its secrets with it, unless they were changed by hand', async () => {
  const [web, db] = [shop().put('web.xml', guestXml('web', vnc(first))), shop().put('db.xml')];
  await shop().build([web, db]);
  const check = await shop().build([db], { check: true });
  expect(check.out).toContain('deleted file mode 100600');
  expect(show(check)).not.toContain(first);
  await shop().build([db]);
  expect(readdirSync(shop().at('out'))).not.toContain('web');
});

test('source lines in messages do not show it', async () => {
  const raw = `<bhyve:commandline><bhyve:arg value='-s7,fbuf,password=${first}' vale='x'/></bhyve:commandline>`;
  const devices = vnc(first).replace('/>', " colour='red'/>");
  const { status, err } = await shop().build([shop().put('web.xml', guestXml('web', devices, raw))]);
  expect(status).toBe(1);
  expect(err).toContain("passwd='********' colour='red'");
  expect(err).not.toContain(first);
});

test('a file with passwords: the XML needs none', async () => {
  const web = shop().put('web.xml', guestXml('web', vnc('').replace(" passwd=''", '')));
  const secretsFrom = putSecrets({ web: { vncPassword: second } });
  const built = await shop().build([web], { secretsFrom });
  expect([built.status, built.err]).toEqual([0, expect.not.stringContaining(second)]);
  expect(shop().read('out/web/secrets.conf')).toContain('password=x"y%z,\n');
  expect(holders('x"y')).toEqual(['600 web/secrets.conf']);
});

test('a password that nobody uses is said', async () => {
  const secretsFrom = putSecrets({ wbe: { vncPassword: first }, web: { vncPassword: first } });
  const { status, err } = await shop().build([shop().put('web.xml')], { secretsFrom });
  expect(status).toBe(0);
  expect(err).toContain("guest 'wbe' is not in this build: its password is not used");
  expect(err).toContain("guest 'web' has no VNC server: its password is not used");
});

test.each([
  ['modes', { web: { vncPassword: first } }, 0o640, 'other users can read it: chmod 600 it first'],
  ['no JSON', `{"web": ${first}}`, 0o600, 'it is not JSON'],
  ['a list', [first], 0o600, 'it is not an object with a guest for each key'],
  ['a bare password', { web: first }, 0o600, 'entry 1 is not "GUEST": {"vncPassword": "..."}'],
  ['a number', { db: { vncPassword: first }, web: { vncPassword: 1 } }, 0o600, 'entry 2 is not'],
  ['another key', { web: { vncPassword: first, [first]: 'x' } }, 0o600, 'entry 1 is not'],
])('a file with passwords that cannot be used: %s', async (_, value, mode, message) => {
  const secretsFrom = putSecrets(value, mode);
  const { status, err } = await shop().build([shop().put('web.xml')], { secretsFrom });
  expect([status, err]).toEqual([1, expect.stringContaining(message)]);
  expect(err).not.toContain(first);
  expect(readdirSync(shop().folder)).not.toContain('out');
});

test('a file with passwords that is not there', async () => {
  const { status, err } = await shop().build([shop().put('web.xml')], { secretsFrom: shop().at('nothing.json') });
  expect([status, err]).toEqual([1, expect.stringContaining('nothing.json: no such file or directory')]);
});

test('a password of several lines is refused where it would not be known again', async () => {
  const file = shop().put('web.xml', guestXml('web', vnc('a&#10;b')));
  const { status, err } = await shop().build([file], { compat: 'libvirt', schema: 'off' });
  expect([status, err]).toEqual([1, expect.stringContaining('the VNC password contains a control character')]);
});
