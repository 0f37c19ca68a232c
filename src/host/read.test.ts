/** Every finding about a host profile file: its code, its place, its words and its edit. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createReporter } from '../diagnostics/reporter.ts';
import { readHostProfile } from './read.ts';
import { findings, mended, minimal, read } from './read.testing.ts';
import { targetProfile } from './targets.ts';

describe('a profile', () => {
  test('of a release alone is the built-in target', () => {
    expect(read(`${minimal}}`)).toEqual({ profile: targetProfile('freebsd-14.3'), diagnostics: [] });
    const arm64 = read('{"version": 1, "release": "15.1", "arch": "arm64"}').profile;
    expect(arm64).toEqual(targetProfile('freebsd-15.1-arm64'));
  });

  test('adds and removes capabilities', () => {
    const { profile } = read(`${minimal}, "capabilities": {"add": ["slirp"], "remove": ["nvme"]}}`);
    expect(profile?.capabilities.has('slirp')).toBe(true);
    expect(profile?.capabilities.has('nvme')).toBe(false);
    expect(profile?.capabilities.has('bootrom')).toBe(true);
  });

  test('without a release has the capabilities that it lists', () => {
    const { profile } = read('{"version": 1, "capabilities": ["nvme", "fbuf"]}');
    expect(profile).toMatchObject({ name: 'host', release: null, arch: 'amd64' });
    expect([...(profile?.capabilities ?? [])]).toEqual(['nvme', 'fbuf']);
  });

  test('may start with a byte order mark, and places are right after it', () => {
    expect(read(`\uFEFF${minimal}}`).profile).not.toBeNull();
    expect(findings(`\uFEFF${minimal}, "x": 1}`)[0]).toMatch(/^BV1005 1:36 [|]"x"[|]/);
  });

  test('keeps pools and networks', () => {
    const text = readFileSync('examples/hosts/zfs-host.json', 'utf8');
    const { profile } = read(text);
    expect(profile?.pools.get('vms')).toEqual({ type: 'zfs', target: 'zroot/vm' });
    expect(profile?.pools.get('iso')).toEqual({ type: 'dir', target: '/zroot/iso' });
    expect(profile?.networks.get('office')).toBe('vm-office');
  });

  test('takes the defaults of libvirt where they are asked for', () => {
    const reporter = createReporter({ strict: false });
    const source = { name: 'host.json', text: `${minimal}, "vncPorts": {"first": 6000}}` };
    expect(readHostProfile(source, reporter, 'libvirt')).toMatchObject({
      nvramDirectory: '/var/lib/libvirt/bhyve/nvram',
      vncPorts: { first: 6000, last: 65535 },
    });
  });
});

describe('findings', () => {
  test.each([
    ['[]', 'BV1006 1:1 |[| the host profile is a list; expected an object'],
    ['"x"', 'BV1006 1:1 |"x"| the host profile is the string "x"; expected an object'],
    ['{"release": "14.3"}', 'BV1007 1:1 |{| the host profile lacks the key "version"'],
    ['{"version": 2, "release": "14.3"}', 'BV1008 1:13 |2| host profile of version 2; this bhyvec reads version 1'],
    [
      '{"version": 1}',
      'BV1016 1:1 |{| the host profile has neither "release" nor "capabilities"; expected one of them',
    ],
    ['{"version": "1", "release": "14.3"}', 'BV1006 1:13 |"1"| "version" is the string "1"; expected a number'],
    ['{"version": 1, "release": 14.3}', 'BV1006 1:27 |14.3| "release" is the number 14.3; expected a string'],
    [
      '{"version": 1, "release": "16.0"}',
      'BV1009 1:27 |"16.0"| unknown FreeBSD release "16.0"; accepted are 11.0 to 15.1 and main',
    ],
  ])('%j', (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });

  test.each([
    ['"foo": 1', 'BV1005 |"foo"| unknown key "foo" in the host profile'],
    ['"firmware": {"dir": "/x"}', 'BV1005 |"dir"| unknown key "dir" in "firmware"'],
    ['"release": "14.3"', 'BV1004 |"release"| the key "release" is given twice; one is accepted'],
    ['"firmware": null', 'BV1006 |null| "firmware" is null; expected an object'],
    ['"privileged": "no"', 'BV1006 |"no"| "privileged" is the string "no"; expected true or false'],
    ['"networks": {"a": 1}', 'BV1006 |1| "networks.a" is the number 1; expected a string'],
    [
      '"capabilities": {"add": "nvme"}',
      'BV1006 |"nvme"| "capabilities.add" is the string "nvme"; expected a list of strings',
    ],
    ['"capabilities": {"add": [1]}', 'BV1006 |1| an item of "capabilities.add" is the number 1; expected a string'],
    ['"capabilities": 1', 'BV1006 |1| "capabilities" is the number 1; expected an object or a list of strings'],
    ['"pools": {"p": {"path": "/x"}}', 'BV1007 |{| "pools.p" lacks the key "type"'],
    ['"pools": {"p": {"type": "zfs"}}', 'BV1007 |{| "pools.p" lacks the key "dataset"'],
    [
      '"capabilities": {"add": ["qcow2"]}',
      'BV1010 |"qcow2"| unknown capability "qcow2"; accepted are those of "bhyvec target show"',
    ],
    ['"arch": "x86_64"', 'BV1011 |"x86_64"| "arch" is "x86_64"; accepted are "amd64" and "arm64"'],
    ['"pools": {"p": {"type": "lvm"}}', 'BV1011 |"lvm"| "pools.p.type" is "lvm"; accepted are "dir" and "zfs"'],
    ['"nvramDirectory": "vm"', 'BV1012 |"vm"| "nvramDirectory" is "vm"; expected an absolute path, from / on'],
    [
      String.raw`"nvramDirectory": "/v\nm"`,
      String.raw`BV1012 |"/v\nm"| "nvramDirectory" holds U+000A; expected a path without control characters`,
    ],
    [
      String.raw`"nvramDirectory": "/\ud800"`,
      String.raw`BV1012 |"/\ud800"| "nvramDirectory" holds U+D800; expected a path without control characters`,
    ],
    [
      '"networks": {"a": "bridge0123456789"}',
      'BV1013 |"bridge0123456789"| "networks.a" is "bridge0123456789"; expected a bridge such as "bridge0"',
    ],
    ['"networks": {"": "bridge0"}', 'BV1013 |""| a key of "networks" is ""; expected a name without "/"'],
    ['"name": "my host"', 'BV1013 |"my host"| "name" is "my host"; expected letters, digits, ".", "_" and "-"'],
    ['"firmware": {"files": ["a/b"]}', 'BV1013 |"a/b"| an item of "firmware.files" is "a/b"; expected a file name'],
    ['"firmware": {"files": [".."]}', 'BV1013 |".."| an item of "firmware.files" is ".."; expected a file name'],
    [
      '"vncPorts": {"last": 65536}',
      'BV1014 |65536| "vncPorts.last" is 65536; accepted are whole numbers from 1 to 65535',
    ],
    ['"vncPorts": {"first": 0}', 'BV1014 |0| "vncPorts.first" is 0; accepted are whole numbers from 1 to 65535'],
    [
      '"loaderTimeout": {"seconds": 1.5}',
      'BV1014 |1.5| "loaderTimeout.seconds" is 1.5; accepted are whole numbers from 0 to 86400',
    ],
    ['"vncPorts": {"first": 6000}', 'BV1015 |6000| the first VNC port 6000 is above the last one 5999'],
    ['"vncPorts": {"last": 80}', 'BV1015 |80| the first VNC port 5900 is above the last one 80'],
    [
      '"capabilities": {"add": ["slirp"], "remove": ["slirp"]}',
      'BV1017 |"slirp"| the capability "slirp" is both added and removed; one of them is accepted',
    ],
    [
      '"capabilities": []',
      'BV1018 |[| "capabilities" is a list next to a release; expected an object with "add" and "remove"',
    ],
    ['"arch": "arm64"', 'BV1019 |"14.3"| FreeBSD 14.3 has no bhyve for arm64; accepted are 15.0 and later'],
    [
      '"capabilities": {"add": ["nvme"]}',
      'BV1020 |"nvme"| adding the capability "nvme" changes nothing: FreeBSD 14.3 has it',
    ],
    [
      '"capabilities": {"remove": ["slirp"]}',
      'BV1020 |"slirp"| removing the capability "slirp" changes nothing: FreeBSD 14.3 lacks it',
    ],
    [
      '"capabilities": {"add": ["slirp", "slirp"]}',
      'BV1021 |"slirp"| "capabilities.add" lists "slirp" twice; once is accepted',
    ],
    [
      '"privileged": false',
      'BV1022 |false| "privileged" is false, but the host lacks the capability "monitor" (bhyve -M)',
    ],
  ])('%s', (members, expected) => {
    expect(findings(`${minimal}, ${members}}`).map((line) => line.replace(/ \d+:\d+ /, ' '))).toEqual([expected]);
  });

  test('an object of capabilities wants a release', () => {
    expect(findings('{"version": 1, "capabilities": {"add": ["nvme"]}}')).toEqual([
      'BV1018 1:32 |{| "capabilities" is an object without a release; expected a list',
    ]);
  });

  test('all mistakes of a file are reported at once, and nothing is read', () => {
    const text = `{"version": 1, "release": "14", "arch": "arm", "pools": {"a": {"type": "dir", "dataset": "x"}}, "vncPort": 1}`;
    const { profile, diagnostics } = read(text);
    expect(profile).toBeNull();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([
      'BV1009',
      'BV1011',
      'BV1005',
      'BV1007',
      'BV1005',
    ]);
  });

  test('a warning leaves the profile', () => {
    const { profile, diagnostics } = read(`${minimal}, "capabilities": {"add": ["nvme"]}}`);
    expect(diagnostics.map((diagnostic) => diagnostic.severity)).toEqual(['warning']);
    expect(profile).toEqual(targetProfile('freebsd-14.3'));
  });

  test('errors before the profile do not matter to it', () => {
    const reporter = createReporter({ strict: false });
    const source = { name: 'host.json', text: `${minimal}}` };
    reporter.report('BV1002', { source, start: 0, end: 1 }, {});
    expect(readHostProfile(source, reporter)).not.toBeNull();
  });

  test('another place that has to do with a mistake is noted', () => {
    const [duplicate] = read(`${minimal}, "release": "14.2"}`).diagnostics;
    expect(duplicate?.notes.map(({ span, text }) => [span.start, text])).toEqual([[15, 'first given here']]);
  });
});

describe('an edit mends', () => {
  test.each([
    [`${minimal}, "arhc": "amd64"}`, `${minimal}, "arch": "amd64"}`],
    [`${minimal}, "capabilities": {"add": ["slrip"]}}`, `${minimal}, "capabilities": {"add": ["slirp"]}}`],
    [
      `${minimal}, "pools": {"p": {"type": "dirr", "path": "/x"}}}`,
      `${minimal}, "pools": {"p": {"type": "dir", "path": "/x"}}}`,
    ],
    [`${minimal}, "privileged": "true"}`, `${minimal}, "privileged": true}`],
    [`${minimal}, "loaderTimeout": {"seconds": "60"}}`, `${minimal}, "loaderTimeout": {"seconds": 60}}`],
    ['{"version": "1", "release": "14.3"}', '{"version": 1, "release": "14.3"}'],
    ['{"version": 1, "release": 14.3}', '{"version": 1, "release": "14.3"}'],
    ['{"version": 1, "release": "FreeBSD-14.3-RELEASE-p2"}', '{"version": 1, "release": "14.3"}'],
    ['{"version": 1, "release": "14.3",}', '{"version": 1, "release": "14.3"}'],
    ['{"version": 1 "release": "14.3"}', '{"version": 1, "release": "14.3"}'],
    [
      `${minimal}, "pools": {"p": {"type": "zfs", "dataset": "/dev/zvol/zroot/vm/"}}}`,
      `${minimal}, "pools": {"p": {"type": "zfs", "dataset": "zroot/vm"}}}`,
    ],
  ])('%j', (wrong, right) => {
    expect(mended(wrong)).toBe(right);
    expect(read(right).diagnostics).toEqual([]);
  });

  test('nothing where two names are as near', () => {
    const [finding] = read(`${minimal}, "capabilities": {"add": ["com4"]}}`).diagnostics;
    expect(finding?.edit?.text).toBe('"com3"');
    const [release] = read('{"version": 1, "release": "14.9"}').diagnostics;
    expect(release).toMatchObject({ edit: null, help: 'write one of 11.0 to 15.1 and main' });
  });
});
