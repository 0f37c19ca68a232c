/**
 * Compares one value of a host profile, or of another file that users write, with its shape and reports every difference, at the narrowest place, with
 * what was found and what would be accepted. Rules between keys are in `read.ts`.
 */
import type { Edit, Reporter } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import type { FileKind } from './file-kind.ts';
import type { Json, JsonObject, Member } from './json.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { clipped, quoted } from './quoted.ts';
import {
  expectedType,
  type ChoiceShape,
  type JsonValue,
  type ListShape,
  type MapShape,
  type RecordShape,
  type Shape,
  type TextShape,
  type VariantsShape,
} from './shape.ts';

/** Where a value stands: how messages call it, and what would be right there. */
export interface Place {
  readonly file: FileKind;
  readonly where: string;
  /** The keys that lead to it, joined with dots; empty for the whole file. */
  readonly path: string;
  readonly example: JsonValue;
}

/** The file itself. */
export function wholeFile(file: FileKind): Place {
  return { file, where: file.words, path: '', example: file.example };
}

/** Takes a value, its shape and how to call it; reports BV1005 to BV1014 and BV1021, or what the kind of file has for them. */
export function checkShape(value: Json, shape: Shape, place: Place, reporter: Reporter): void {
  switch (shape.kind) {
    case 'version':
      if (value.kind !== 'number') wrongType(value, shape, place, reporter);
      else if (value.value !== shape.accepted) {
        const found = textOf(value.span);
        reporter.report(place.file.codes.version, value.span, { found: clipped(found), accepted: shape.accepted });
      }
      return;
    case 'boolean':
      if (value.kind !== 'boolean') wrongType(value, shape, place, reporter);
      return;
    case 'scalar':
      if (!['string', 'number', 'boolean'].includes(value.kind)) wrongType(value, shape, place, reporter);
      return;
    case 'any-text':
      if (value.kind !== 'string') wrongType(value, shape, place, reporter);
      return;
    case 'integer':
      if (value.kind !== 'number') wrongType(value, shape, place, reporter);
      else if (!Number.isInteger(value.value) || value.value < shape.first || value.value > shape.last) {
        const { first, last } = shape;
        reporter.report('BV1014', value.span, { where: place.where, found: clipped(textOf(value.span)), first, last });
      }
      return;
    case 'text':
      if (value.kind !== 'string') wrongType(value, shape, place, reporter);
      else checkText(value.value, value.span, shape, place, reporter);
      return;
    case 'choice':
      if (value.kind !== 'string') wrongType(value, shape, place, reporter);
      else checkChoice(value.value, value.span, shape, place, reporter);
      return;
    case 'list':
      if (value.kind !== 'list') wrongType(value, shape, place, reporter);
      else checkList(value.items, shape, place, reporter);
      return;
    case 'record':
      if (value.kind !== 'object') wrongType(value, shape, place, reporter);
      else checkRecord(value, shape, place, reporter);
      return;
    case 'map':
      if (value.kind !== 'object') wrongType(value, shape, place, reporter);
      else checkMap(value, shape, place, reporter);
      return;
    case 'variants':
      if (value.kind !== 'object') wrongType(value, shape, place, reporter);
      else checkVariants(value, shape, place, reporter);
      return;
    case 'either':
      if (value.kind === 'list') checkShape(value, shape.list, place, reporter);
      else if (value.kind === 'object') checkShape(value, shape.record, place, reporter);
      else wrongType(value, shape, place, reporter);
  }
}

function checkRecord(value: JsonObject, shape: RecordShape, place: Place, reporter: Reporter): void {
  const misspelt = new Set<string | null>();
  for (const member of value.members) {
    const field = Object.hasOwn(shape.fields, member.key) ? shape.fields[member.key] : undefined;
    if (field === undefined) misspelt.add(unknownKey(member, Object.keys(shape.fields), place, reporter));
    else checkShape(member.value, field.shape, below(place, member.key, field.examples[0]), reporter);
  }
  for (const [key, field] of Object.entries(shape.fields)) {
    if (field.required === true && !misspelt.has(key)) requireKey(value, key, field.examples[0], place, reporter);
  }
}

function checkMap(value: JsonObject, shape: MapShape, place: Place, reporter: Reporter): void {
  const { needsOne } = shape;
  if (needsOne !== undefined && value.members.length === 0) requireKey(value, needsOne, shape.example, place, reporter);
  for (const member of value.members) {
    const key = { ...place, where: `a key of ${place.where}`, example: 'default' };
    checkText(member.key, member.keySpan, shape.key, key, reporter);
    checkShape(member.value, shape.value, below(place, member.key, shape.example), reporter);
  }
}

function checkVariants(value: JsonObject, shape: VariantsShape, place: Place, reporter: Reporter): void {
  const names = Object.keys(shape.variants);
  const accepted = names.map((name) => JSON.stringify(name)).join(' and ');
  const type = value.members.find((member) => member.key === 'type');
  if (type === undefined) {
    requireKey(value, 'type', names[0] ?? '', place, reporter);
    return;
  }
  const choice: ChoiceShape = { kind: 'choice', code: 'BV1011', values: names, accepted };
  checkShape(type.value, choice, below(place, 'type', names[0] ?? ''), reporter);
  const name = type.value.kind === 'string' ? type.value.value : '';
  const variant = Object.hasOwn(shape.variants, name) ? shape.variants[name] : undefined;
  if (variant === undefined) return;
  const fields = { type: { shape: choice, description: '', examples: [name] as const }, ...variant.fields };
  checkRecord(value, { kind: 'record', fields }, place, reporter);
}

function checkList(items: readonly Json[], shape: ListShape, place: Place, reporter: Reporter): void {
  const seen = new Map<string, Span>();
  const example = Array.isArray(place.example) ? firstOf(place.example) : 'nvme';
  for (const item of items) {
    checkShape(item, shape.item, { ...place, where: `an item of ${place.where}`, example }, reporter);
    if (item.kind !== 'string') continue;
    const earlier = seen.get(item.value);
    if (earlier === undefined) seen.set(item.value, item.span);
    else {
      const notes = [{ span: earlier, text: 'first listed here' }];
      reporter.report(
        place.file.codes.duplicateItem,
        item.span,
        { where: place.where, item: quoted(item.value) },
        { notes },
      );
    }
  }
}

function checkText(text: string, at: Span, shape: TextShape, place: Place, reporter: Reporter): void {
  if (new RegExp(shape.pattern, 'u').test(text)) return;
  if (shape.is === 'path') {
    const values = { where: place.where, ...pathProblem(text), example: JSON.stringify(place.example) };
    reporter.report('BV1012', at, values);
    return;
  }
  const better = text.replace(/^(?:\/dev\/zvol)?\/+|\/+$/g, '');
  const edit = better !== text && new RegExp(shape.pattern, 'u').test(better) ? replacement(at, better) : null;
  const remedy = edit === null ? shape.rule : `write ${quoted(better, 60)}`;
  const values = { where: place.where, found: quoted(text), expected: shape.expected, remedy };
  reporter.report(place.file.codes.badText, at, values, edit === null ? {} : { edit });
}

/** What is wrong with a path, and what a right one is. */
function pathProblem(text: string): { readonly problem: string; readonly expected: string } {
  const bad = /\p{Cc}|\p{Surrogate}/u.exec(text)?.[0].codePointAt(0);
  if (bad !== undefined) {
    const problem = `holds U+${bad.toString(16).toUpperCase().padStart(4, '0')}`;
    return { problem, expected: 'a path without control characters' };
  }
  const { length } = Array.from(text);
  if (length > 1023) return { problem: `has ${String(length)} characters`, expected: 'at most 1023' };
  return { problem: `is ${quoted(text)}`, expected: 'an absolute path, from / on' };
}

function checkChoice(text: string, at: Span, shape: ChoiceShape, place: Place, reporter: Reporter): void {
  if (shape.values.includes(text)) return;
  const bare = text.replace(/^freebsd-/i, '').replace(/-release(?:-p\d+)?$/i, '');
  const near = shape.values.find((value) => value === bare) ?? nearest(text, shape.values);
  const known = shape.code === 'BV1010' ? 'the names are in docs/targets.md' : `write one of ${shape.accepted}`;
  const remedy = near === null ? known : `did you mean ${JSON.stringify(near)}?`;
  const values = { where: place.where, found: quoted(text), accepted: shape.accepted, remedy };
  reporter.report(shape.code, at, values, near === null ? {} : { edit: replacement(at, near) });
}

/** Reports a key that is not known; gives the one that was probably meant. */
function unknownKey(member: Member, known: readonly string[], place: Place, reporter: Reporter): string | null {
  const near = nearest(member.key, known);
  const list = known.filter((key) => key !== '$schema').join(', ');
  const remedy = near === null ? `known keys are ${list}` : `did you mean ${JSON.stringify(near)}?`;
  const values = { key: quoted(member.key), where: place.where, remedy };
  reporter.report(
    place.file.codes.unknownKey,
    member.keySpan,
    values,
    near === null ? {} : { edit: replacement(member.keySpan, near) },
  );
  return near;
}

function requireKey(value: JsonObject, key: string, example: JsonValue, place: Place, reporter: Reporter): void {
  if (value.members.some((member) => member.key === key)) return;
  const { source, start } = value.span;
  const pair = `${JSON.stringify(key)}: ${JSON.stringify(example)}`;
  const at = { source, start, end: start + 1 };
  reporter.report(place.file.codes.missingKey, at, { where: place.where, key: JSON.stringify(key), example: pair });
}

/** A value of the wrong type; a number where its text is wanted gets its quotes. */
function wrongType(value: Json, shape: Shape, place: Place, reporter: Reporter): void {
  const text = textOf(value.span);
  const isNear = value.kind === 'number' && shape.kind === 'choice' && shape.values.includes(text);
  const unquoted = value.kind === 'string' ? plainValue(value.value, shape) : null;
  const near = isNear ? JSON.stringify(text) : unquoted;
  const example = near ?? clipped(JSON.stringify(place.example), 60);
  const values = { where: place.where, found: foundType(value), expected: expectedType(shape), example };
  const { span } = value;
  // The bracket says enough where the value is long.
  const isLong = value.kind === 'object' || value.kind === 'list';
  const at = isLong ? { ...span, end: span.start + 1 } : span;
  reporter.report(place.file.codes.wrongType, at, values, near === null ? {} : { edit: { span, text: near } });
}

/** The value that a string needs only lose its quotes to be. */
function plainValue(text: string, shape: Shape): string | null {
  const isPlain =
    (shape.kind === 'boolean' && /^(?:true|false)$/.test(text)) ||
    (shape.kind === 'integer' && /^(?:0|[1-9]\d{0,4})$/.test(text)) ||
    (shape.kind === 'version' && text === String(shape.accepted));
  return isPlain ? text : null;
}

function foundType(value: Json): string {
  switch (value.kind) {
    case 'object':
      return 'an object';
    case 'list':
      return 'a list';
    case 'string':
      return `the string ${quoted(value.value, 20)}`;
    case 'number':
      return `the number ${clipped(textOf(value.span), 20)}`;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
  }
}

/** The place of a key: `"firmware.directory"` in messages. */
function below(place: Place, key: string, example: JsonValue): Place {
  const path = place.path === '' ? key : `${place.path}.${key}`;
  return { ...place, where: quoted(path, 26), path, example };
}

function replacement(span: Span, text: string): Edit {
  return { span, text: JSON.stringify(text) };
}

function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

function firstOf(examples: readonly unknown[]): JsonValue {
  const [first] = examples;
  return typeof first === 'string' ? first : '';
}
