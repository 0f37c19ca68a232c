/** What the compiler makes of a golden case: the files of its folder `expected`, and the same on the disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { emitNetwork } from '../../src/backends/network/emit.ts';
import { emitVolumes } from '../../src/backends/storage/emit.ts';
import { rcd } from '../../src/backends/rcd/emit.ts';
import { formatCommands } from '../../src/backends/argv/format.ts';
import { commandsOf, compileBytes } from '../../src/compile/compile.ts';
import { stagesOf, type Compilation, type CompileOptions } from '../../src/compile/stages.ts';
import type { DialectName } from '../../src/dialect/dialect.ts';
import { createReporter, inSourceOrder, type Diagnostic } from '../../src/diagnostics/reporter.ts';
import { hasErrors } from '../../src/documents/documents.ts';
import { readNamedFiles } from '../../src/documents/named-files.ts';
import { lowerResources, type ReadInput, type ResourcesOf } from '../../src/documents/resources.ts';
import { positionOf, type Span } from '../../src/diagnostics/source.ts';
import type { HostProfile } from '../../src/host/profile.ts';
import { readHostProfile } from '../../src/host/read.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { NetworkPlan } from '../../src/ir/network/network-plan.ts';
import type { Plan } from '../../src/ir/plan.ts';
import type { VolumePlan } from '../../src/ir/storage/storage-plan.ts';
import { goldenFolder, type Case } from './case.ts';

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** The host of a case, with the directories that a dialect has by default. */
export function hostOf({ host }: Case, dialect: DialectName): HostProfile {
  if ('target' in host) {
    const profile = targetProfile(host.target, dialect);
    if (profile === null) throw new Error(`there is no target ${host.target}`);
    return profile;
  }
  const reporter = createReporter({ strict: false });
  const text = readFileSync(path.join(goldenFolder, '_hosts', host.file), 'utf8');
  const profile = readHostProfile({ name: host.file, text }, reporter, dialect);
  if (profile === null) throw new Error(`${host.file}: ${reporter.diagnostics[0]?.message ?? ''}`);
  return profile;
}

/** Compiles a case in one dialect. */
export function compileCase(one: Case, dialect: DialectName): Compilation {
  const { schema, strict, lock } = one;
  const files = readNamedFiles(one.bytes, path.join(goldenFolder, one.name, 'domain.xml'));
  const options = { host: hostOf(one, dialect), dialect, schema, strict, lock };
  return compileBytes('domain.xml', one.bytes, { ...options, ...resourcesOf(one.resources, options) }, files);
}

/** What guests are on, in documents beside a case, which have no mistake. */
export function resourcesOf(documents: readonly ReadInput[], options: CompileOptions): ResourcesOf['known'] {
  const { lowerings, known } = lowerResources(documents, options);
  for (const [{ input }, { diagnostics }] of lowerings)
    if (hasErrors(diagnostics)) throw new Error(`${input.name} beside the case has a mistake`);
  return known;
}

const compiled = new Map<string, Compilation>();

/** The same for those who only look at what comes out: of all tests in one worker the first one compiles. */
export function compiledCase(one: Case, dialect: DialectName): Compilation {
  const key = `${one.name} ${dialect}`;
  const compilation = compiled.get(key) ?? compileCase(one, dialect);
  compiled.set(key, compilation);
  return compilation;
}

/** The diagnostics of a compilation in source order. */
export function diagnosticsOf({ diagnostics }: Compilation): readonly Diagnostic[] {
  return inSourceOrder(diagnostics);
}

/** The line of a diagnostic, as in marks, and its column. */
export function placeOf({ span }: Diagnostic): { readonly line: number; readonly column: number } {
  return positionOf(span.source, span.start);
}

/** `LINE CODE` of each diagnostic. */
export function marksOf(compiled: Compilation): ReadonlySet<string> {
  return new Set(diagnosticsOf(compiled).map((found) => `${String(placeOf(found).line)} ${found.code}`));
}

/** The files that a case is expected to have, in all its dialects. */
export function filesOf(one: Case): Files {
  return filesOfAll(
    one,
    one.dialects.map((dialect) => compileCase(one, dialect)),
  );
}

/** The same for compilations that are there already, in the order of the case's dialects. */
export function filesOfAll(one: Case, compiled: readonly Compilation[]): Files {
  return Object.fromEntries(
    compiled.flatMap((each, i) => filesOfDialect(one, each, i === 0 ? '' : `.${one.dialects[i] ?? ''}`)),
  );
}

/** Names and texts; the files of a second dialect carry its name. */
function filesOfDialect(one: Case, compiled: Compilation, mark: string): readonly (readonly [string, string])[] {
  const { plan, network, volume } = compiled;
  const isPlanned = plan !== null || stagesOf(compiled)?.plan != null;
  if (hasErrors(compiled.diagnostics) === isPlanned) throw new Error('there is a plan if and only if there is no error');
  const commands = commandsOf(compiled);
  const files: readonly (readonly [string, string])[] = [
    [`argv${mark}`, formatCommands(commands, 'wrapped')],
    [`device.map${mark}`, plan?.deviceMap ?? ''],
    [`grub.cfg${mark}`, plan?.grubConfig ?? ''],
    [`plan${mark}.txt`, one.shows.includes('plan') && mark === '' && plan !== null ? planText(plan) : ''],
    ...(mark === '' && plan !== null ? scriptsOf(one, plan) : []),
    ...(mark === '' && network?.plan != null ? networkFiles(one, network.plan) : []),
    ...(mark === '' && volume?.plan != null ? volumeFiles(one, volume.plan) : []),
    [`diagnostics${mark}.txt`, diagnosticsOf(compiled).map(textOf).join('')],
  ];
  return files.filter(([, text]) => text !== '');
}

/** What is made of a network; its script is shown where a case asks for it. */
function networkFiles(one: Case, plan: NetworkPlan): readonly (readonly [string, string])[] {
  const files = emitNetwork(plan).map(({ path: name, text }) => [name.replace(/^.*\//, ''), text] as const);
  return files.filter(([name]) => name.endsWith('.conf') || one.shows.includes('net'));
}

/** The script that makes a volume. */
function volumeFiles(one: Case, plan: VolumePlan): readonly (readonly [string, string])[] {
  return one.shows.includes('volumes') ? emitVolumes([plan]).map(({ path: name, text }) => [name, text] as const) : [];
}

/** Launchers as builds write them; the name of the library that they share changes with none of its lines. */
const shared = launcher.share?.(() => '0'.repeat(64)) ?? { ...launcher, files: [] };

/** What all launchers share, in the file beside the cases. */
export const library = { path: path.join(goldenFolder, 'launcher-library.sh'), text: shared.files[0]?.text ?? '' };

/** The launcher and the script for rc(8), those of them that the case asks for. */
function scriptsOf(one: Case, plan: Plan): readonly (readonly [string, string])[] {
  const named = [
    ['launch', shared],
    ['rc.d', rcd],
  ] as const;
  return named.flatMap(([name, backend]) => {
    return one.shows.includes(name) ? [[name, backend.emit(plan)[0]?.text ?? ''] as const] : [];
  });
}

/** What no command line shows: preparation, what follows the end of the guest, limits. Places in the XML are left out, and what a name says. */
function planText(plan: Plan): string {
  const { steps, onPoweroff, onReboot, onCrash, acpi, limits, cpuset, consoles, startAfter } = plan;
  const lines = (key: string, values: readonly unknown[]): string => {
    return values.map((value) => `${key} ${JSON.stringify(value, withoutOrigins)}\n`).join('');
  };
  const ends = Object.entries({ onPoweroff, onReboot, onCrash, acpi, cpuset });
  return [
    lines('step', steps),
    ...ends.map(([key, value]) => `${key} ${String(value)}\n`),
    lines('memoryDomains', plan.memoryDomains === null ? [] : [plan.memoryDomains]),
    lines('priority', plan.priority === null ? [] : [plan.priority]),
    lines('limit', limits),
    lines('console', consoles),
    lines(
      'startAfter',
      startAfter.map(({ value }) => value),
    ),
  ].join('');
}

function withoutOrigins(key: string, part: unknown): unknown {
  return ['origins', 'at', 'isUnit'].includes(key) ? undefined : part;
}

/** One finding: its place and message, and below it all else that is shown of it. */
function textOf(found: Diagnostic): string {
  const { line, column } = placeOf(found);
  const { severity, code, message, label, help, notes, edit } = found;
  const more: readonly (readonly [string, string | null])[] = [
    ['label', label],
    ...notes.map(({ span, text }): readonly [string, string] => [`note ${shownPlace(span)}`, text]),
    ['help', help],
    ['edit', edit === null ? null : `${shownPlace(edit.span)} ${JSON.stringify(edit.text)}`],
  ];
  const lines = more.filter(([, text]) => text !== null && text !== '').map(([name, text]) => `  ${name}: ${text ?? ''}\n`);
  return `${String(line)}:${String(column)} ${severity} ${code} ${message}\n${lines.join('')}`;
}

/** `7:3 to 7:9`: where a part of the document begins, and the place behind its end. */
function shownPlace({ source, start, end }: Span): string {
  const [from, to] = [start, end].map((offset) => positionOf(source, offset));
  return `${String(from?.line)}:${String(from?.column)} to ${String(to?.line)}:${String(to?.column)}`;
}

/** The files on the disk. */
export function expectedOf({ folder }: Case): Files {
  const expected = path.join(folder, 'expected');
  const names = existsSync(expected) ? readdirSync(expected).toSorted() : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(expected, name), 'utf8')]));
}

/** Makes the files on the disk what they are to be. */
export function writeExpected({ folder }: Case, files: Files): void {
  const expected = path.join(folder, 'expected');
  mkdirSync(expected, { recursive: true });
  // The folder itself stays: other tests walk through it meanwhile.
  for (const name of readdirSync(expected)) if (!Object.hasOwn(files, name)) rmSync(path.join(expected, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(expected, name), text);
}
