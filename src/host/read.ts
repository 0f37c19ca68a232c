/**
 * A host profile file to a `HostProfile`. The form of each value is checked against `fields.ts`; the rules between
 * keys are here. Any text gets either a profile or at least one error.
 */
import { createReporter, type Diagnostic, type Reporter } from '../diagnostics/reporter.ts';
import type { SourceFile, Span } from '../diagnostics/source.ts';
import type { Capability } from './capabilities.ts';
import { checkShape, wholeFile } from './check.ts';
import { profileShape } from './fields.ts';
import { hostProfileFile } from './file-kind.ts';
import { readJson, type Json, type JsonObject, type Member } from './json.ts';
import type { Arch, HostProfile, StoragePool } from './profile.ts';
import { quoted } from './quoted.ts';
import { capabilitiesOf, firstArm64Release, isCapability, isRelease, runsOn, type Release } from './releases.ts';
import { defaultSettings, targetName, type Defaults } from './targets.ts';

/** Reads a host profile file; the profile is null after errors. `defaults` says whose defaults hold for what it leaves out. */
export function readHost(
  source: SourceFile,
  defaults?: Defaults,
): { readonly profile: HostProfile | null; readonly diagnostics: readonly Diagnostic[] } {
  const reporter = createReporter({ strict: false });
  const profile = readHostProfile(source, reporter, defaults);
  return { profile, diagnostics: reporter.diagnostics };
}

/**
 * Takes the text of a host profile file and whose defaults hold for what it leaves out; gives the profile, or null
 * after an error. Reports BV1001 to BV1022; docs/host-profile.md describes the file.
 */
export function readHostProfile(
  source: SourceFile,
  reporter: Reporter,
  defaults: Defaults = 'bhyvec',
): HostProfile | null {
  const before = reporter.errors;
  const root = readJson(source, hostProfileFile, reporter);
  if (root === null) return null;
  checkShape(root, profileShape, wholeFile(hostProfileFile), reporter);
  if (root.kind !== 'object') return null;
  const releaseText = text(root, 'release');
  const release = releaseText !== undefined && isRelease(releaseText) ? releaseText : null;
  const arch = text(root, 'arch') === 'arm64' ? 'arm64' : 'amd64';
  if (release !== null) checkArch(root, release, arch, reporter);
  checkForm(root, reporter);
  const capabilities = readCapabilities(root, release, arch, reporter);
  const settings = readSettings(root, defaults);
  checkPorts(root, settings.vncPorts, reporter);
  if (reporter.errors === before) checkPrivilege(root, capabilities, reporter);
  if (reporter.errors > before) return null;
  const name = text(root, 'name') ?? (release === null ? 'host' : targetName(release, arch));
  return { name, release, arch, capabilities, ...settings };
}

function readSettings(root: JsonObject, defaults: Defaults): ReturnType<typeof defaultSettings> {
  const standard = defaultSettings(defaults);
  const firmware = object(root, 'firmware');
  const timeout = object(root, 'loaderTimeout');
  const ports = object(root, 'vncPorts');
  const files = list(firmware, 'files');
  const bridges = list(root, 'bridges');
  return {
    privileged: flag(root, 'privileged') ?? standard.privileged,
    firmware: {
      directory: text(firmware, 'directory') ?? standard.firmware.directory,
      files: files === undefined ? standard.firmware.files : strings(files).map((item) => item.value),
      uboot: text(firmware, 'uboot') ?? standard.firmware.uboot,
      ubootExists: flag(firmware, 'ubootExists') ?? standard.firmware.ubootExists,
    },
    nvramDirectory: text(root, 'nvramDirectory') ?? standard.nvramDirectory,
    stateDirectory: text(root, 'stateDirectory') ?? standard.stateDirectory,
    runDirectory: text(root, 'runDirectory') ?? standard.runDirectory,
    loaderTimeout: {
      seconds: integer(timeout, 'seconds') ?? standard.loaderTimeout.seconds,
      killSeconds: integer(timeout, 'killSeconds') ?? standard.loaderTimeout.killSeconds,
    },
    networks: new Map(object(root, 'networks').members.flatMap(networkOf)),
    pools: new Map(object(root, 'pools').members.flatMap(poolOf)),
    bridges: bridges === undefined ? standard.bridges : strings(bridges).map((item) => item.value),
    memoryMib: integer(root, 'memoryMib') ?? standard.memoryMib,
    cpus: integer(root, 'cpus') ?? standard.cpus,
    nextTap: standard.nextTap,
    vncPorts: {
      first: integer(ports, 'first') ?? standard.vncPorts.first,
      last: integer(ports, 'last') ?? standard.vncPorts.last,
    },
  };
}

function networkOf({ key, value }: Member): readonly (readonly [string, string])[] {
  return value.kind === 'string' ? [[key, value.value]] : [];
}

function poolOf({ key, value }: Member): readonly (readonly [string, StoragePool])[] {
  if (value.kind !== 'object') return [];
  const type = text(value, 'type') === 'zfs' ? 'zfs' : 'dir';
  const target = text(value, type === 'zfs' ? 'dataset' : 'path');
  return target === undefined ? [] : [[key, { type, target }]];
}

/** The release's capabilities with those of `add` and without those of `remove`, or the plain list. */
function readCapabilities(
  root: JsonObject,
  release: Release | null,
  arch: Arch,
  reporter: Reporter,
): ReadonlySet<Capability> {
  const all = new Set<Capability>(release === null ? [] : capabilitiesOf(release, arch));
  const changes = object(root, 'capabilities');
  const removed = new Map(named(list(changes, 'remove')));
  const added = named(list(changes, 'add'));
  for (const [capability, span] of added) {
    const other = removed.get(capability);
    if (other !== undefined) {
      const notes = [{ span: other, text: 'removed here' }];
      reporter.report('BV1017', span, { capability: quoted(capability) }, { notes });
    } else if (release !== null && all.has(capability)) {
      const values = { verb: 'adding', capability: quoted(capability), release, state: 'has it' };
      reporter.report('BV1020', span, values);
    }
  }
  for (const [capability, span] of removed) {
    if (release === null || all.has(capability) || added.some(([other]) => other === capability)) continue;
    const values = { verb: 'removing', capability: quoted(capability), release, state: 'lacks it' };
    reporter.report('BV1020', span, values);
  }
  const whole = named(list(root, 'capabilities'));
  for (const [capability] of [...added, ...whole]) all.add(capability);
  for (const capability of removed.keys()) all.delete(capability);
  return all;
}

/** With a release, capabilities are changes; without one, they are a list; one of the two keys must be there. */
function checkForm(root: JsonObject, reporter: Reporter): void {
  const release = member(root, 'release');
  const capabilities = member(root, 'capabilities');
  if (release === undefined && capabilities === undefined) {
    reporter.report('BV1016', opening(root), { example: '"15.1"' });
  } else if (release !== undefined && capabilities?.value.kind === 'list') {
    const notes = [{ span: release.keySpan, text: 'the release' }];
    const values = {
      found: 'a list',
      circumstance: 'next to a release',
      expected: 'an object with "add" and "remove"',
      remedy: 'write what the host has beyond its release in "add", or remove "release"',
    };
    reporter.report('BV1018', opening(capabilities.value), values, { notes });
  } else if (release === undefined && capabilities?.value.kind === 'object') {
    const values = {
      found: 'an object',
      circumstance: 'without a release',
      expected: 'a list',
      remedy: 'add "release", or list all that the host can do',
    };
    reporter.report('BV1018', opening(capabilities.value), values);
  }
}

function checkArch(root: JsonObject, release: Release, arch: Arch, reporter: Reporter): void {
  const at = member(root, 'release')?.value.span;
  const other = member(root, 'arch')?.value.span;
  if (runsOn(release, arch) || at === undefined || other === undefined) return;
  const notes = [{ span: other, text: 'the architecture' }];
  reporter.report('BV1019', at, { release, first: firstArm64Release }, { notes });
}

function checkPorts(root: JsonObject, ports: HostProfile['vncPorts'], reporter: Reporter): void {
  const given = object(root, 'vncPorts');
  const first = member(given, 'first');
  const last = member(given, 'last');
  const at = first ?? last;
  if (at === undefined || ports.first <= ports.last) return;
  const notes = first === undefined || last === undefined ? [] : [{ span: last.value.span, text: 'the last port' }];
  reporter.report('BV1015', at.value.span, ports, { notes });
}

/** An unprivileged bhyve lives from its monitor mode: libvirt's driver always gives it -M. */
function checkPrivilege(root: JsonObject, capabilities: ReadonlySet<Capability>, reporter: Reporter): void {
  const privileged = member(root, 'privileged')?.value;
  if (privileged?.kind !== 'boolean' || privileged.value || capabilities.has('monitor')) return;
  reporter.report('BV1022', privileged.span, {});
}

/** The capabilities in a list, with their places. */
function named(items: readonly Json[] | undefined): readonly (readonly [Capability, Span])[] {
  return strings(items ?? []).flatMap(({ value, span }) => (isCapability(value) ? [[value, span] as const] : []));
}

function strings(items: readonly Json[]): readonly Extract<Json, { kind: 'string' }>[] {
  return items.filter((item) => item.kind === 'string');
}

function opening({ span }: Json): Span {
  return { ...span, end: span.start + 1 };
}

function member(parent: JsonObject, key: string): Member | undefined {
  return parent.members.find((candidate) => candidate.key === key);
}

/** The object under a key; one without members where there is none. */
function object(parent: JsonObject, key: string): JsonObject {
  const value = member(parent, key)?.value;
  return value?.kind === 'object' ? value : { kind: 'object', span: parent.span, members: [] };
}

function list(parent: JsonObject, key: string): readonly Json[] | undefined {
  const value = member(parent, key)?.value;
  return value?.kind === 'list' ? value.items : undefined;
}

function text(parent: JsonObject, key: string): string | undefined {
  const value = member(parent, key)?.value;
  return value?.kind === 'string' ? value.value : undefined;
}

function flag(parent: JsonObject, key: string): boolean | undefined {
  const value = member(parent, key)?.value;
  return value?.kind === 'boolean' ? value.value : undefined;
}

/** A whole number; never the zero below zero, which JSON can write. */
function integer(parent: JsonObject, key: string): number | undefined {
  const value = member(parent, key)?.value;
  return value?.kind === 'number' ? value.value + 0 : undefined;
}
