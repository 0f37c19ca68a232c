/** `bhyvec host validate` and `bhyvec host probe` as users meet them, on stand-in hosts. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { domainText } from '../../scripts/bench-domain.mjs';
import { probe } from '../../src/survey/probe.ts';
import { openSystem } from '../../src/survey/system.ts';
import { createReporter } from '../../src/diagnostics/reporter.ts';
import { probedProfile } from '../../src/host/probing/probed-profile.ts';
import { readHostProfile } from '../../src/host/read.ts';
import { capabilitiesOf } from '../../src/host/releases.ts';
import { buildProgram } from '../cli/program.ts';
import { full, oneOf } from '../full.ts';
import { standingHost, type Standing } from './standing.ts';
import { forAllTests } from '../lend.ts';

const program = forAllTests(buildProgram, (it) => {
  it.remove();
});
let standing: Standing | undefined;

afterEach(() => {
  standing?.dispose();
  standing = undefined;
});

function host(options: Parameters<typeof standingHost>[0]): Standing {
  standing?.dispose();
  standing = standingHost(options);
  return standing;
}

/** The lines that speak of misses, with single blanks. */
function misses(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const found = /^ BHYVE: Checking (.*?) +: (?:FAIL|WARN|NOTE).*$/.exec(line);
    return found === null ? [] : [line.replace(/ +/g, ' ').trim()];
  });
}

const changing = /^(?:kldload|mkdir|rm|sysrc|devctl|bhyvectl|bhyveload)$/;

/** Commands that ran on the host and change hosts. */
function changers({ host: { history } }: Standing): readonly string[] {
  return history().flatMap(({ argv: [name = '', ...words] }) => {
    const isSetting = name === 'sysctl' && words.some((word) => /^[a-z].*=/.test(word));
    return changing.test(name.replace(/^.*\//, '')) || isSetting ? [[name, ...words].join(' ')] : [];
  });
}

const fitSysctls = { 'kern.racct.enable': '1', 'net.link.tap.up_on_open': '1' };
const fit = { modules: ['vmm', 'nmdm'], bridges: ['vmbr0'], ppt: ['2/0/0'], sysctls: fitSysctls };

/** A host of a release on which nothing is missing. */
function fitHost(release: string, more: Parameters<typeof standingHost>[0] = {}): Standing {
  const made = host({ ...fit, release, ...more });
  made.file('.host/acpi', 'FACP DMAR\n');
  made.file('usr/local/lib/libslirp.so.0', '');
  return made;
}

describe('validate', () => {
  test.each(oneOf(2, ['12.4', '13.2', '15.0', '14.3']))('nothing is missing on a good host of %s', (release) => {
    const modules = release === '12.4' ? ['vmm', 'nmdm', 'if_tap'] : ['vmm', 'nmdm'];
    const { status, out, err } = fitHost(release, { modules }).bhyvec(program(), 'host', 'validate');
    expect({ status, err, misses: misses(out) }).toEqual({ status: 0, err: '', misses: [] });
    const tap = release === '12.4' ? 'if_tap' : 'if_tuntap';
    expect(out.split('\n').slice(0, 4)).toEqual(
      ['vmm', tap, 'if_bridge', 'nmdm'].map((name) => ` BHYVE: Checking ${`for ${name} module`.padEnd(60)}: PASS`),
    );
    expect(out).not.toContain('\u001b');
  });

  test('modules that are compiled in are no files, and count', async () => {
    const made = fitHost('14.3');
    for (const module of ['vmm', 'nmdm', 'if_bridge']) made.file(`.host/module/${module}`, 'builtin\n');
    expect((await made.host.run('kldstat', [])).stdout).not.toContain('vmm');
    expect(misses(made.bhyvec(program(), 'host', 'validate').out)).toEqual([]);
  });

  test('a fresh host fails, and is told what to do', () => {
    const { status, out } = host({ release: '13.2' }).bhyvec(program(), 'host', 'validate');
    expect(status).toBe(1);
    expect(misses(out)).toEqual([
      'BHYVE: Checking for vmm module : FAIL (vmm module is not loaded, will not be able to start VMs)',
      'BHYVE: Checking for if_bridge module : WARN (if_bridge module is not loaded, bridged networking will not work)',
      'BHYVE: Checking for nmdm module : WARN (nmdm module is not loaded, nmdm console will not work)',
      expect.stringContaining('NOTE (not checked: /var/run/dmesg.boot'),
      expect.stringContaining('IOMMU'),
      expect.stringContaining('ppt'),
      expect.stringContaining('for bridges : NOTE (there is none'),
      expect.stringContaining('up_on_open'),
      expect.stringContaining('maxcpu'),
      expect.stringContaining('RACCT'),
    ]);
    expect(out).toContain('          now:     kldload vmm\n          at boot: vmm_load="YES" in /boot/loader.conf\n');
  });

  test('a warning alone is no failure', () => {
    const { status, out } = fitHost('14.3', { modules: ['vmm'] }).bhyvec(program(), 'host', 'validate');
    expect(misses(out)).toEqual([expect.stringContaining('for nmdm module : WARN')]);
    expect(status).toBe(0);
  });

  test('a processor without virtualisation', () => {
    const made = host({ release: '14.3' });
    made.file('var/run/dmesg.boot', 'CPU: Old One\n  Features2=0x1<SSE3>\n');
    expect(made.bhyvec(program(), 'host', 'validate').out).toContain(
      'FAIL (the processor offers neither VT-x nor AMD-V',
    );
  });

  test('firmware, folders', () => {
    const made = fitHost('14.3');
    rmSync(made.host.path('usr/local/share/uefi-firmware/BHYVE_UEFI.fd'));
    made.file('var/db/bhyvec', 'a file\n');
    const { status, out } = made.bhyvec(program(), 'host', 'validate');
    expect(status).toBe(1);
    expect(misses(out).map((line) => line.replace(/^BHYVE: Checking /, ''))).toEqual([
      expect.stringContaining('for the UEFI firmware : WARN'),
      'for the folder of UEFI variables : FAIL (/var/db/bhyvec/nvram: a file is in the way)',
    ]);
  });

  test('JSON has the published shape and says the same', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
    const validate = ajv.compile(JSON.parse(readFileSync('schemas/host-validation.schema.json', 'utf8')) as object);
    for (const made of [
      () => fitHost('15.0'),
      () => host({ release: '12.4' }),
      () => host({ release: '15.0', arch: 'arm64' }),
    ]) {
      const current = made();
      const text = current.bhyvec(program(), 'host', 'validate');
      const json = current.bhyvec(program(), 'host', 'validate', '--format', 'json');
      const report = JSON.parse(json.out) as { fit: boolean; checks: { check: string; result: string }[] };
      expect(validate(report), ajv.errorsText(validate.errors)).toBe(true);
      expect(json.status).toBe(text.status);
      expect(report.fit).toBe(text.status === 0);
      const lines = text.out.split('\n').filter((line) => line.startsWith(' BHYVE'));
      expect(lines.map((line) => line.split(/ {2,}|: /)[1])).toEqual(
        report.checks.map(({ check }) => `Checking ${check}`),
      );
    }
  });

  test('only reads', () => {
    const made = fitHost('14.3');
    const before = made.host.state();
    made.bhyvec(program(), 'host', 'validate');
    expect(made.host.state()).toBe(before);
    expect(changers(made)).toEqual([]);
    expect(made.host.history().length).toBeGreaterThan(10);
  });

  test('wrong usage', () => {
    const { status, out, err } = host({ release: '14.3' }).bhyvec(program(), 'host', 'validate', '--format', 'xml');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('Allowed choices are text, json');
  });
});

describe('a system that is none of ours', () => {
  test.each(['validate', 'probe'])('not FreeBSD: %s', (verb) => {
    const made = host({ release: '14.3' });
    made.command('uname', 'echo Linux');
    expect(made.bhyvec(program(), 'host', verb)).toMatchObject({
      status: 1,
      out: '',
      err: 'bhyvec: this system is Linux, not FreeBSD: run this on the host that the guests will run on\n',
    });
  });

  test.each([
    [
      'uname',
      'case $1 in -p) echo riscv64 ;; *) echo FreeBSD ;; esac',
      'bhyve runs on amd64 and arm64, this host is "riscv64"',
    ],
    ['freebsd-version', 'echo gibberish', 'the release of this system is not understood: "gibberish"'],
    [
      'freebsd-version',
      'echo 9.3-RELEASE',
      'FreeBSD 9.3-RELEASE is older than 11.0, the oldest release that bhyvec knows',
    ],
    ['bhyve', 'exit 127', 'bhyve -h failed (status 127): nothing can be asked'],
  ])('probe: %s says %j', (command, script, message) => {
    const made = host({ release: '14.3' });
    made.command(command, script);
    expect(made.bhyvec(program(), 'host', 'probe')).toMatchObject({ status: 1, out: '', err: `bhyvec: ${message}\n` });
  });
});

describe('probe', () => {
  test.each(
    oneOf(3, [
      ['15.0', 'arm64'],
      ['12.4', 'amd64'],
      ['13.2', 'amd64'],
    ] as const),
  )('%s on %s is read back as the built-in target', (release, arch) => {
    const made = host({ release, arch, bridges: ['vmbr0'], modules: ['vmm'], zvols: ['/dev/zvol/tank/vm/web'] });
    const before = made.host.state();
    const { status, out, err } = made.bhyvec(program(), 'host', 'probe');
    expect(status).toBe(0);
    expect(made.host.state()).toBe(before);
    expect(changers(made)).toEqual([]);
    const reporter = createReporter({ strict: true });
    const profile = readHostProfile({ name: 'host.json', text: out }, reporter);
    expect(reporter.diagnostics).toEqual([]);
    expect([...(profile?.capabilities ?? [])].toSorted()).toEqual([...capabilitiesOf(release, arch)].toSorted());
    expect(profile).toMatchObject({ name: 'host.example.org', release, arch });
    expect(Object.fromEntries(profile?.networks ?? [])).toEqual({ default: 'vmbr0', vmbr0: 'vmbr0' });
    expect(profile?.pools.get('vm')).toEqual({ type: 'zfs', target: 'tank/vm' });
    expect(profile?.firmware.ubootExists).toBe(arch === 'arm64');
    for (const line of err.trimEnd().split('\n')) expect(line).toMatch(/^bhyvec: note: /);
  });

  test.runIf(full)('a guest compiles for the host', () => {
    const made = host({ release: '14.3', bridges: ['bridge0', 'vm-lab'], sysctls: fitSysctls });
    const { out } = made.bhyvec(program(), 'host', 'probe');
    expect(out).toContain('"add": ["rctl"]');
    writeFileSync(path.join(program().folder, 'probed.json'), out);
    writeFileSync(path.join(program().folder, 'guest.xml'), domainText(1));
    expect(program().run(['argv', '--host', 'probed.json', 'guest.xml'])).toMatchObject({ status: 0, err: '' });
  });

  test.runIf(full)('a command that does not end is given up', async () => {
    const made = host({ release: '14.3' });
    made.command('bhyve', 'case "$*" in -h) exit 0 ;; "-D -h") exec sleep 600 ;; *) exit 1 ;; esac');
    const probed = await probe(openSystem(made.env, 1));
    if (typeof probed === 'string') throw new Error(probed);
    expect(probed.bhyve.get('-D -h')).toMatchObject({ status: null, problem: 'slow' });
    const { profile, notes } = probedProfile(probed);
    expect(notes).toContain('no answer, so the table of releases decides: bhyve -D -h');
    expect(profile.capabilities).toContain('destroy-on-poweroff');
  });

  test('without grub-bhyve, ZFS and firmware', () => {
    const made = host({ release: '14.3' });
    made.command('grub-bhyve', 'kill -9 $$');
    made.command('bhyve', '[ "$*" = -h ]');
    rmSync(made.host.path('.host/sysctl/vfs.zfs.vol.mode'));
    for (const folder of ['uefi-firmware', 'edk2-bhyve'])
      rmSync(made.host.path(`usr/local/share/${folder}`), { recursive: true });
    const { out, err } = made.bhyvec(program(), 'host', 'probe');
    expect(err).toContain('note: grub-bhyve --help was killed: "grub-cons-dev" is absent');
    expect(err).toContain('note: no ZFS was found: "pools" is empty');
    expect(err).toContain('note: there is no directory of UEFI images: pkg install edk2-bhyve');
    expect(out).toMatch(/"remove": \[[^\]]*"grub-cons-dev"/);
    expect(made.host.history().filter(({ argv }) => /zfs|zpool/.test(argv[0] ?? ''))).toEqual([]);
  });
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written to', () => {
  const made = fitHost('14.3');
  chmodSync(made.host.path('var/log'), 0o555);
  expect(made.bhyvec(program(), 'host', 'validate').out).toContain('FAIL (/var/log cannot be written to)');
});
