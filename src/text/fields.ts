/** Strict reading of parsed JSON: each field is of its kind, none is missing, none is unknown. */
import { clipTo, printable } from '../diagnostics/printable.ts';
import { isObject } from './json.ts';

/** What is wrong with the file, and where: `steps[2].path`; safe on a terminal. */
export class ShapeFault extends Error {
  override readonly name = 'ShapeFault';
}

/** Of a field that nobody knows, in cells of a terminal. */
const longestKey = 60;

/** The fields of one object. */
export interface Fields {
  /** As messages call it. */
  readonly where: string;
  text(key: string): string;
  textOrNull(key: string): string | null;
  flag(key: string): boolean;
  /** A whole number from `least` on, up to `most` where it is given. */
  count(key: string, least: number, most?: number): number;
  countOrNull(key: string, least: number): number | null;
  oneOf<T extends string>(key: string, values: readonly T[]): T;
  texts(key: string): readonly string[];
  object(key: string): Fields;
  objectOrNull(key: string): Fields | null;
  objects<T>(key: string, read: (fields: Fields) => T): readonly T[];
  /** Whether there is such a field. */
  has(key: string): boolean;
  /** Whether the mark is there; it is never false. */
  mark(key: string): boolean;
  /** Refuses what nobody has asked for. */
  end(): void;
}

/** The fields of a value that has to be an object. */
export function fieldsOf(value: unknown, where: string): Fields {
  const prefix = where === '' ? '' : `${where}.`;
  const fault = (key: string, wanted: string): never => {
    throw new ShapeFault(`${prefix}${key} is not ${wanted}`);
  };
  if (!isObject(value)) throw new ShapeFault(`${where === '' ? 'the file' : where} is not an object`);
  const asked = new Set<string>();
  const get = (key: string): unknown => {
    asked.add(key);
    if (!Object.hasOwn(value, key)) throw new ShapeFault(`${prefix}${key} is missing`);
    return value[key];
  };
  const textOf = (found: unknown, key: string): string =>
    typeof found === 'string' && !found.includes('\0') ? found : fault(key, 'a text');
  const countOf = (found: unknown, key: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
    if (typeof found === 'number' && Number.isInteger(found) && found >= least && found <= most) return found;
    const end = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${String(most)}`;
    return fault(key, `a whole number from ${String(least)} ${end}`);
  };
  const listOf = (key: string): readonly unknown[] => {
    const found = get(key);
    return Array.isArray(found) ? found : fault(key, 'a list');
  };
  const orNull = <T>(key: string, read: (found: unknown) => T): T | null => {
    const found = get(key);
    return found === null ? null : read(found);
  };
  return {
    where,
    text: (key) => textOf(get(key), key),
    textOrNull: (key) => orNull(key, (found) => textOf(found, key)),
    flag(key) {
      const found = get(key);
      return typeof found === 'boolean' ? found : fault(key, 'true or false');
    },
    count: (key, least, most) => countOf(get(key), key, least, most),
    countOrNull: (key, least) => orNull(key, (found) => countOf(found, key, least)),
    oneOf(key, values) {
      const found = get(key);
      return values.find((one) => one === found) ?? fault(key, `one of ${values.join(', ')}`);
    },
    texts: (key) => listOf(key).map((one, i) => textOf(one, `${key}[${String(i)}]`)),
    object: (key) => fieldsOf(get(key), `${prefix}${key}`),
    objectOrNull: (key) => orNull(key, (found) => fieldsOf(found, `${prefix}${key}`)),
    objects: (key, read) =>
      listOf(key).map((one, i) => {
        const fields = fieldsOf(one, `${prefix}${key}[${String(i)}]`);
        const result = read(fields);
        fields.end();
        return result;
      }),
    has: (key) => Object.hasOwn(value, key),
    mark(key) {
      asked.add(key);
      return Object.hasOwn(value, key) && (value[key] === true || fault(key, 'true'));
    },
    end() {
      const unknown = Object.keys(value).find((key) => !asked.has(key));
      if (unknown !== undefined)
        throw new ShapeFault(`${prefix}${clipTo(printable(unknown), longestKey)} is not known`);
    },
  };
}
