/** `<b:cloud-init>` in a build: the volume beside the launcher, equal each time, and what of it nobody else may see. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { readNamedFiles } from '../../src/documents/named-files.ts';
import { compilerWith } from '../../src/supervisor/compiler.ts';
import { withoutSecrets } from '../../src/supervisor/secrets.ts';
import { parseXml } from '../../src/frontend/xml/parse.ts';
import { createReporter } from '../../src/diagnostics/reporter.ts';
import { profileOf } from '../launcher/guests.ts';
import { root as packageFolder } from '../../scripts/bundling.mjs';
import { guestXml, openWorkshop } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
const namespace = "xmlns:b='https://bhyvec.org/xmlns/domain/1.0'";

function cloudXml(parts: string, attributes = '', name = 'web'): string {
  const element = `<metadata><b:cloud-init ${namespace}${attributes}>${parts}</b:cloud-init></metadata>`;
  return guestXml(name, '', element);
}

function volume(): Buffer {
  return readFileSync(shop().at('out/web/seed.iso'));
}

const options = { host: profileOf('freebsd-14.3'), dialect: 'bhyvec', schema: 'error', strict: false } as const;

test('a build has the volume; the next one leaves it alone, and a changed file is a change', async () => {
  shop().put('web.yaml', '#cloud-config\npackages: [nginx]\n');
  const file = shop().put('web.xml', cloudXml("<b:user-data file='web.yaml'/>"));
  expect((await shop().build([file])).status).toBe(0);
  expect(shop().files()).toContain('644 web/seed.iso');
  expect(volume().toString('latin1')).toContain('packages: [nginx]');
  expect(volume().toString('latin1')).toMatch(/instance-id: [0-9a-f-]{36}\nlocal-hostname: web\n/);
  expect((await shop().build([file], { check: true })).status).toBe(0);
  shop().put('web.yaml', '#cloud-config\npackages: [caddy]\n');
  const check = await shop().build([file], { check: true });
  expect([check.status, check.out]).toEqual([
    1,
    expect.stringContaining('Binary files a/web/seed.iso and b/web/seed.iso differ\n'),
  ]);
  expect((await shop().build([file])).err).toMatch(/3 files changed/);
  writeFileSync(shop().at('web.xml'), guestXml('web'));
  await shop().build([file]);
  expect(shop().files().join('\n')).not.toContain('seed.iso');
});

test('a volume with secrets is for its owner only, and no hash and no diff tells them', async () => {
  const file = (word: string): string =>
    shop().put('web.xml', cloudXml(`<b:user-data>#cloud-config\npassword: ${word}</b:user-data>`));
  await shop().build([file('Tr0ub4d0')]);
  expect(shop().files()).toContain('600 web/seed.iso');
  const holders = Object.entries(shop().snapshot()).filter(([, text]) => text.includes('Tr0ub4d0'));
  expect(holders.map(([name]) => name)).toEqual(['600 web/seed.iso']);
  const before = shop().read('out/manifest.json');
  const check = await shop().build([file('Tr0ub4d1')], { check: true });
  expect([check.status, `${check.out}${check.err}`]).toEqual([1, expect.not.stringContaining('Tr0ub4d')]);
  await shop().build([file('Tr0ub4d1')]);
  expect(shop().read('out/manifest.json')).toBe(before);
  expect(volume().toString('latin1')).toContain('Tr0ub4d1');
  chmodSync(shop().at('out/web/seed.iso'), 0o644);
  expect((await shop().build([file('Tr0ub4d1')], { check: true })).status).toBe(1);
});

test('indentation of the document is not in what the guest reads', () => {
  const xml = cloudXml('<b:user-data>\n      #cloud-config\n      users:\n        - name: ann\n   </b:user-data>');
  const { plan } = compile({ name: 'web.xml', text: xml }, options);
  const [step] = plan?.steps.filter(({ kind }) => kind === 'seed') ?? [];
  const image = step?.kind === 'seed' ? Buffer.from(step.image?.() ?? []).toString('latin1') : '';
  expect(image).toContain('#cloud-config\nusers:\n  - name: ann\n\0');
});

test('files that are too large, or are none, are told at their names', () => {
  writeFileSync(shop().at('large'), Buffer.alloc(64 * 1024 * 1024));
  const xml = cloudXml("<b:user-data file='large'/><b:meta-data file='.'/>");
  const files = readNamedFiles(Buffer.from(xml), path.join(shop().folder, 'web.xml'));
  const told = (text: string) =>
    compile({ name: 'web.xml', text, files }, options).diagnostics.map((one) => one.message);
  expect(told(xml)).toContainEqual("'.' is no file for cloud-init: it is a directory");
  expect(told(cloudXml("<b:vendor-data file='large'/>"))).toEqual([
    "'large' is no file for cloud-init: the volume would be larger than 64 MiB",
  ]);
});

test('a definition of the supervisor has no folder, and its XML is shown without secret texts', () => {
  const compiler = compilerWith(options, () => new Map([['a', 'a definition has no folder: name the whole path']]));
  expect(compiler.compile(cloudXml("<b:user-data file='a'/>"), 'web.xml')).toMatchObject({
    ok: false,
    message: expect.stringContaining('name the whole path') as string,
  });
  const xml = cloudXml('<b:user-data>#cloud-config\npassword: Zq9x</b:user-data><b:meta-data>a: b</b:meta-data>');
  const root = parseXml({ name: '', text: xml }, createReporter({ strict: false }));
  expect(withoutSecrets(xml, root)).toContain('<b:user-data>*</b:user-data><b:meta-data>a: b</b:meta-data>');
});

const tools = [
  ['xorriso', '-version'],
  ['cloud-init', '--version'],
] as const;
const hasTools = tools.every(([program, word]) => spawnSync(program, [word]).status === 0);

test.runIf(hasTools)(
  'cloud-init itself takes the user-data of the example, and what is there without any',
  async () => {
    const usual = cloudXml('<b:meta-data>instance-id: one</b:meta-data>');
    const example = readFileSync(path.join(packageFolder, 'examples/linux-cloud.xml'), 'utf8');
    for (const [name, text] of [
      ['web', usual],
      ['cloud', example],
    ] as const) {
      await shop().build([shop().put(`${name}.xml`, text)]);
      const [image, extracted] = [shop().at(`out/${name}/seed.iso`), shop().at(`user-data-of-${name}`)];
      const words = ['-osirrox', 'on', '-indev', image, '-extract', '/user-data', extracted];
      expect(spawnSync('xorriso', words).status).toBe(0);
      const { status, stdout, stderr } = spawnSync('cloud-init', ['schema', '--config-file', extracted], {
        encoding: 'utf8',
      });
      expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('Valid')]);
    }
  },
);
