/**
 * A project file to a `Project`. The form of each value is checked against `fields.ts`; the rules between keys are here. Any
 * text gets either a project or at least one error. Reports BV1040 to BV1049, BV1053 to BV1055 and BV1058.
 */
import { createReporter, type Diagnostic, type Reporter } from '../diagnostics/reporter.ts';
import type { Located, SourceFile } from '../diagnostics/source.ts';
import type { Variable } from '../frontend/variables.ts';
import { checkShape, wholeFile } from '../host/check.ts';
import { defaultTarget } from '../host/default-target.ts';
import { projectFile } from '../host/file-kind.ts';
import { readJson, type Json, type JsonObject, type Member } from '../host/json.ts';
import { clipped, quoted } from '../host/quoted.ts';
import { suggestTarget, targetProfile } from '../host/targets.ts';
import { projectShape } from './fields.ts';
import { isProfileFile, type Project, type ProjectHost } from './project.ts';

/** Reads a project file; the project is null after errors. */
export function readProject(source: SourceFile): {
  readonly project: Project | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const reporter = createReporter({ strict: false });
  const root = readJson(source, projectFile, reporter);
  if (root !== null) checkShape(root, projectShape, wholeFile(projectFile), reporter);
  if (root?.kind !== 'object') return { project: null, diagnostics: reporter.diagnostics };
  const common = members(root, 'variables');
  for (const member of common) checkVariable(member, reporter);
  const hosts = members(root, 'hosts').map((host) => readHost(host, common, reporter));
  checkPlaces(hosts, reporter);
  return { project: reporter.errors > 0 ? null : { hosts }, diagnostics: reporter.diagnostics };
}

function readHost({ key, keySpan, value }: Member, common: readonly Member[], reporter: Reporter): ProjectHost {
  const own = members(value, 'variables');
  const types = new Map(common.map((member) => [member.key, member]));
  for (const member of own) {
    checkVariable(member, reporter);
    checkType(member, types.get(member.key), reporter);
  }
  const profile = text(value, 'profile') ?? { value: defaultTarget, at: keySpan };
  checkTarget(profile, reporter);
  const domains = find(value, 'domains')?.value;
  return {
    name: key,
    at: keySpan,
    profile,
    domains: domains?.kind === 'list' ? domains.items.flatMap(located) : [],
    output: text(value, 'output')?.value ?? `guests/${key}`,
    lock: text(value, 'lock')?.value ?? `${key}.lock`,
    variables: new Map([...common, ...own].flatMap((member) => variableOf(member))),
  };
}

/** A target that is not the name of a file is one that is known. */
function checkTarget({ value, at }: Located<string>, reporter: Reporter): void {
  if (isProfileFile(value) || targetProfile(value) !== null) return;
  const near = suggestTarget(value);
  const remedy =
    near === null ? `write a target such as "${defaultTarget}", or a file such as "hosts/alpha.json"` : did(near);
  const details = near === null ? {} : { edit: { span: at, text: JSON.stringify(near) } };
  reporter.report('BV1055', at, { found: quoted(value), remedy }, details);
}

function did(near: string): string {
  return `did you mean ${JSON.stringify(near)}?`;
}

const longest = 4000;

/** Variables are values, not texts to be worked on: what stands in one stands in the XML. */
function checkVariable({ key, value }: Member, reporter: Reporter): void {
  const report = (problem: string, expected: string, remedy: string): void => {
    reporter.report('BV1054', value.span, { name: quoted(key), problem, expected, remedy });
  };
  if (value.kind === 'number' && numberText(value) === null)
    report(`the number ${clipped(written(value), 20)}`, 'plain digits', 'write it out, or as a string');
  if (value.kind !== 'string') return;
  const control = /\p{Cc}|\p{Surrogate}/u.exec(value.value)?.[0].codePointAt(0);
  if (control !== undefined)
    report(
      `U+${control.toString(16).toUpperCase().padStart(4, '0')} in it`,
      'one line',
      'leave control characters out',
    );
  if (value.value.length > longest)
    report(
      `${String(value.value.length)} characters`,
      `at most ${String(longest)}`,
      'write what is so long in the XML',
    );
  if (value.value.includes('${'))
    report('a "${" in it', 'a value', 'write the value out: variables stand in the XML only, and are filled once');
}

/** A host may give another value, of the type that the project has. */
function checkType({ key, value }: Member, other: Member | undefined, reporter: Reporter): void {
  if (other === undefined || other.value.kind === value.kind) return;
  if (!isScalar(value) || !isScalar(other.value)) return;
  const values = { name: quoted(key), found: typeWords(value), expected: typeWords(other.value) };
  reporter.report('BV1053', value.span, values, { notes: [{ span: other.value.span, text: 'for the project' }] });
}

function isScalar({ kind }: Json): boolean {
  return kind === 'string' || kind === 'number' || kind === 'boolean';
}

function typeWords({ kind }: Json): string {
  return kind === 'boolean' ? 'true or false' : `a ${kind}`;
}

function variableOf({ key, keySpan, value }: Member): readonly (readonly [string, Variable])[] {
  const known = { at: value.span, keyAt: keySpan };
  if (value.kind === 'string') return [[key, { ...known, text: value.value }]];
  if (value.kind === 'boolean') return [[key, { ...known, text: value.value ? 'yes' : 'no' }]];
  const number = value.kind === 'number' ? numberText(value) : null;
  return number === null ? [] : [[key, { ...known, text: number }]];
}

/** A number as it is written, so that no digit is lost; null where that is not how XML has numbers. */
function numberText(value: Json): string | null {
  const digits = written(value);
  return /^-?\d+(?:\.\d+)?$/.test(digits) ? digits : null;
}

function written({ span }: Json): string {
  return span.source.text.slice(span.start, span.end);
}

/** No two hosts have one folder, or one lock; nor is one folder in another, where it would look like a guest. */
function checkPlaces(hosts: readonly ProjectHost[], reporter: Reporter): void {
  for (const [i, host] of hosts.entries()) {
    for (const other of hosts.slice(0, i)) {
      const [output, known] = [normal(host.output), normal(other.output)];
      const isShared = output === known || output.startsWith(`${known}/`) || known.startsWith(`${output}/`);
      const notes = [{ span: other.at, text: `host ${other.name}` }];
      const report = (what: string, place: string): void => {
        reporter.report('BV1058', host.at, { what, place: quoted(place), host: quoted(other.name, 20) }, { notes });
      };
      if (isShared) report('the output', host.output);
      if (normal(host.lock) === normal(other.lock)) report('the lock', host.lock);
    }
  }
}

/** A path without `.`, `..` and doubled slashes, as far as that goes without looking at files. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

function find(parent: Json, key: string): Member | undefined {
  return parent.kind === 'object' ? parent.members.find((member) => member.key === key) : undefined;
}

/** The members of the object under a key. */
function members(parent: Json, key: string): JsonObject['members'] {
  const value = find(parent, key)?.value;
  return value?.kind === 'object' ? value.members : [];
}

function text(parent: Json, key: string): Located<string> | null {
  const value = find(parent, key)?.value;
  return value === undefined ? null : (located(value)[0] ?? null);
}

function located(value: Json): readonly Located<string>[] {
  return value.kind === 'string' ? [{ value: value.value, at: value.span }] : [];
}
