/**
 * The one language for the shape of JSON that bhyvec reads or writes: files of a build, the control protocol, reports for
 * programs. A shape is a schema of valibot; the type, the check and the published JSON schema all follow from it. Each says
 * what a value has to be in words that follow "is not". Only what reads such JSON loads this file: the start of the
 * compiler does not.
 */
import * as v from 'valibot';
import { clipTo, printable } from '../diagnostics/printable.ts';
import { invariant } from '../diagnostics/invariant.ts';
import { isObject } from './json.ts';

/** What values of the type look like. */
export type Shape<T> = v.GenericSchema<unknown, T>;

/** The type of a shape. */
export type TypeOf<S extends v.GenericSchema> = v.InferOutput<S>;

/** The shape of each field of an object. */
export type Fields = Readonly<Record<string, v.GenericSchema>>;

/** An object with such fields and no others. */
export type ObjectOf<F extends Fields> = Readonly<v.InferOutput<v.StrictObjectSchema<F, string>>>;

/** An object with any names, which JSON may give: `__proto__` is a name like others. */
export type RecordOf<T> = Readonly<Record<string, T>>;

/** What is wrong with a value, and where: `guests.web.takes.files[0].path`; both are safe on a terminal. */
export interface Fault {
  /** Empty for the value itself. */
  readonly at: string;
  readonly what: string;
}

/** What a check gives. */
export type Checked<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Fault);

/**
 * A text; `pattern`, and `least` and `most` in UTF-16 code units, say which. It never holds a NUL, which no program takes.
 */
export function text(
  description: string,
  rule: { readonly pattern?: RegExp; readonly words?: string; readonly least?: 0 | 1; readonly most?: number } = {},
): Shape<string> {
  const { pattern = null, words = 'a text', least = 0, most = null } = rule;
  const plain = v.pipe(
    v.string(words),
    v.check((value) => !value.includes('\0'), words),
    v.description(description),
  );
  const filled = least === 0 ? plain : v.pipe(plain, v.minLength(least, words));
  const short = most === null ? filled : v.pipe(filled, v.maxLength(most, words));
  return pattern === null ? short : v.pipe(short, v.regex(pattern, words));
}

const noControl = String.raw`[^\u0000-\u001f\u007f-\u009f]`;

/** A text without control characters, of at least so many and at most so many UTF-16 code units. */
export function line(
  description: string,
  { least = 0, most = null }: { readonly least?: 0 | 1; readonly most?: number | null } = {},
): Shape<string> {
  const pattern = new RegExp(`^${noControl}${least === 0 ? '*' : '+'}$`);
  return text(description, { pattern, words: 'a text of one line', ...(most === null ? {} : { most }) });
}

/** The way from a folder to something in it, which never leaves the folder. */
export function pathInside(description: string, words: string): Shape<string> {
  return text(description, { pattern: new RegExp(String.raw`^(?!(?:.*/)?\.{0,2}(?:/|$))${noControl}+$`), words });
}

/** Base64 as RFC 4648, section 4, has it: with its padding, without line breaks. `most` counts the bytes that it stands for. */
export function base64(description: string, most: number): Shape<string> {
  const characters = 4 * Math.ceil(most / 3);
  const pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return text(description, { pattern, words: `base64 of at most ${String(most)} bytes`, most: characters });
}

/** True or false. */
export function flag(description: string): Shape<boolean> {
  return v.pipe(v.boolean('true or false'), v.description(description));
}

/** A whole number in a range. */
export function whole(description: string, least: number, most = Number.MAX_SAFE_INTEGER): Shape<number> {
  const end = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${String(most)}`;
  const words = `a whole number from ${String(least)} ${end}`;
  return v.pipe(
    v.number(words),
    v.integer(words),
    v.minValue(least, words),
    v.maxValue(most, words),
    v.description(description),
  );
}

/** Any whole number that is exact in JSON. */
export function integer(description: string): Shape<number> {
  const words = 'a whole number';
  return v.pipe(v.number(words), v.safeInteger(words), v.description(description));
}

/** Any number. */
export function number(description: string): Shape<number> {
  return v.pipe(v.number('a number'), v.description(description));
}

/** One of some words. */
export function oneOf<const T extends string>(description: string, values: readonly T[]): Shape<T> {
  return v.pipe(v.picklist(values, `one of ${values.join(', ')}`), v.description(description));
}

/** This value and no other. */
export function constant<const T extends string | number | boolean>(description: string, value: T): Shape<T> {
  return v.pipe(v.literal(value, String(value)), v.description(description));
}

/** Null, always. */
export function nothing(description: string): Shape<null> {
  return v.pipe(v.null('null'), v.description(description));
}

/** The shape, or null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return v.nullable(shape);
}

/** A field that may be missing; it is never undefined. */
export function optional<T>(shape: Shape<T>): v.ExactOptionalSchema<Shape<T>, undefined> {
  return v.exactOptional(shape);
}

/** A list of things of one shape: so many of them. */
export function list<T>(
  description: string,
  item: Shape<T>,
  { least = 0, most = Number.POSITIVE_INFINITY }: { readonly least?: number; readonly most?: number } = {},
): Shape<readonly T[]> {
  const items = v.pipe(v.array(item, 'a list'), v.description(description));
  const some = least === 0 ? items : v.pipe(items, v.minLength(least, `a list of ${String(least)} or more`));
  return most === Number.POSITIVE_INFINITY
    ? some
    : v.pipe(some, v.maxLength(most, `a list of at most ${String(most)}`));
}

/** An object with all of the fields, those that are optional excepted, and with no others. */
export function object<const F extends Fields>(description: string, fields: F): Shape<ObjectOf<F>> {
  return v.pipe(noList(v.strictObject(fields, 'an object')), v.description(description));
}

/** An object with at least these fields: what is newer may have more. */
export function openObject<const F extends Fields>(description: string, fields: F): Shape<ObjectOf<F>> {
  return v.pipe(noList(v.looseObject(fields, 'an object')), v.description(description));
}

/** An object of which nothing more is said. */
export function anyObject(description: string): Shape<Readonly<Record<string, unknown>>> {
  return v.pipe(noList(v.looseObject({}, 'an object')), v.description(description));
}

/** Anything that JSON can say: somebody else looks at it. */
export function anything(description: string): Shape<unknown> {
  return v.pipe(v.unknown(), v.description(description));
}

/** A number or a text. */
export function numberOrText(description: string): Shape<number | string> {
  return v.pipe(v.union([v.number(), v.string()], 'a number or a text'), v.description(description));
}

/** One of several shapes, by the word in the field `key`, which each of them has. */
export function variants<T>(key: string, options: Readonly<Record<string, Shape<T>>>): Shape<T> {
  const words = Object.keys(options);
  const choice = v.looseObject({ [key]: v.picklist(words, `one of ${words.join(', ')}`) }, 'an object');
  return {
    ...v.union(Object.values(options)),
    '~run'(dataset, config) {
      const word = isObject(dataset.value) ? dataset.value[key] : undefined;
      const option = typeof word === 'string' && Object.hasOwn(options, word) ? options[word] : undefined;
      if (option !== undefined) return option['~run'](dataset, config);
      const { issues = [] } = v.safeParse(noList(choice), dataset.value, config);
      return failed(dataset.value, issues);
    },
  };
}

/** An object with any names of one shape, and values of another. */
export function record<T>(description: string, name: Shape<string>, item: Shape<T>): Shape<RecordOf<T>> {
  const plain = v.record(v.string(), item, 'an object');
  const all: Shape<RecordOf<T>> & { readonly key: Shape<string> } = {
    ...plain,
    key: name,
    // That of valibot passes over some names: a guest may be called `constructor`.
    '~run'(dataset, config) {
      const input = dataset.value;
      if (!isObject(input)) return plain['~run']({ value: 0 }, config);
      const found: [string, T][] = [];
      for (const [key, value] of Object.entries(input)) {
        const [named, checked] = [v.safeParse(name, key, config), v.safeParse(item, value, config)];
        if (named.success && checked.success) found.push([named.output, checked.output]);
        else return failed(input, [...(named.issues ?? []), ...(checked.issues ?? [])], { input, key, value });
      }
      return { typed: true, value: Object.fromEntries(found) };
    },
  };
  return v.pipe(all, v.description(description));
}

/** Looks at a value, as JSON.parse gives it, up to the first fault. */
export function check<T>(shape: Shape<T>, value: unknown): Checked<T> {
  const { success, output, issues } = v.safeParse(shape, value, { abortEarly: true });
  if (success) return { ok: true, value: output };
  const [{ path = [], input, expected, message }] = issues;
  const at = printable(placeOf(path.map(({ key }) => key)));
  if (expected === 'never') return { ok: false, at: clipTo(at, longestPlace), what: 'is not known' };
  // JSON has no undefined.
  return { ok: false, at, what: input === undefined ? 'is missing' : `is not ${message}` };
}

/** Whether a value, as JSON.parse gives it, has the shape. */
export function accepts<T>(shape: Shape<T>, value: unknown): value is T {
  return check(shape, value).ok;
}

/** What a value of the shape is, in words: `a whole number from 1 to 4, or null`. */
export function wordsOf(shape: Shape<unknown>): string {
  // No value of JSON, and so of no shape.
  const checked = check(shape, Symbol('none'));
  const words = checked.ok ? 'anything' : checked.what.replace(/^is not /, '');
  return accepts(shape, null) ? `${words}, or null` : words;
}

/** The fault as the end of a sentence, such as `steps[2].path is missing`. */
export function faultText({ at, what }: Fault, whole: string): string {
  return `${at === '' ? whole : at} ${what}`;
}

/** In cells of a terminal. */
const longestPlace = 120;

function placeOf(keys: readonly unknown[]): string {
  return keys
    .map((key, i) => (typeof key === 'number' ? `[${String(key)}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

type Run<S extends v.GenericSchema> = S['~run'];

/** For valibot a list is an object; here it is something else. */
function noList<S extends v.GenericSchema>(schema: S): S {
  const run: Run<S> = (dataset, config) =>
    schema['~run'](Array.isArray(dataset.value) ? { value: 0 } : dataset, config);
  return { ...schema, '~run': run };
}

/** The result of a check of `value`; `inside` says in which of its fields the issues are. */
function failed(
  value: unknown,
  issues: readonly v.BaseIssue<unknown>[],
  inside?: { readonly input: Readonly<Record<string, unknown>>; readonly key: string; readonly value: unknown },
): v.FailureDataset<v.BaseIssue<unknown>> {
  const [first, ...rest] = issues.map((issue): v.BaseIssue<unknown> => {
    if (inside === undefined) return issue;
    return { ...issue, path: [{ type: 'object', origin: 'value', ...inside }, ...(issue.path ?? [])] };
  });
  invariant(first !== undefined, 'a shape has failed without an issue');
  return { typed: false, value, issues: [first, ...rest] };
}
