/**
 * The language in which `fields.ts` describes a host profile file, and others that users write. The reader, the published schema and the page in
 * the manual are made from the same description, so that they cannot disagree.
 */

/** A value of JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What one value may be. */
export type Shape =
  | { readonly kind: 'version'; readonly accepted: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'any-text' }
  | { readonly kind: 'scalar' }
  | TextShape
  | ChoiceShape
  | IntegerShape
  | ListShape
  | RecordShape
  | MapShape
  | VariantsShape
  | EitherShape;

/** A string of a certain form. */
export interface TextShape {
  readonly kind: 'text';
  /** A path has messages of its own (BV1012); all else is a name (BV1013). */
  readonly is: 'path' | 'name';
  /** The whole string, as a regular expression with the flag `u`. */
  readonly pattern: string;
  /** The form in words, after "expected". */
  readonly expected: string;
  /** The form in a sentence, as a help. */
  readonly rule: string;
}

/** A character of a text: no control character, and no half of a surrogate pair, which UTF-8 cannot express. */
export const plain = String.raw`[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]`;

/** The form of the name of a host, wherever one stands. */
export const hostName = {
  kind: 'text',
  is: 'name',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  expected: 'letters, digits, ".", "_" and "-"',
  rule: 'the name of a host starts with a letter or digit and has at most 64 characters',
} as const satisfies TextShape;

/** A string out of a list. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly code: 'BV1009' | 'BV1010' | 'BV1011';
  readonly values: readonly string[];
  /** The list in words, after "accepted are". */
  readonly accepted: string;
}

/** A whole number between two others, both included. */
export interface IntegerShape {
  readonly kind: 'integer';
  readonly first: number;
  readonly last: number;
}

/** Strings, none of them twice. */
export interface ListShape {
  readonly kind: 'list';
  readonly item: TextShape | ChoiceShape;
}

/** An object with known keys. */
export interface RecordShape {
  readonly kind: 'record';
  readonly fields: Readonly<Record<string, Field>>;
}

/** An object whose keys are names. */
export interface MapShape {
  readonly kind: 'map';
  readonly key: TextShape;
  readonly value: Shape;
  /** A value, for messages. */
  readonly example: JsonValue;
  /** A key, where there must be one. */
  readonly needsOne?: string;
}

/** An object whose `type` decides which other keys it has. */
export interface VariantsShape {
  readonly kind: 'variants';
  readonly description: string;
  readonly examples: readonly JsonValue[];
  readonly variants: Readonly<Record<string, RecordShape>>;
}

/** A list or an object. */
export interface EitherShape {
  readonly kind: 'either';
  readonly list: ListShape;
  readonly record: RecordShape;
}

/** One key of an object. */
export interface Field {
  readonly shape: Shape;
  readonly required?: true;
  /** Plain sentences without a full stop at the end. */
  readonly description: string;
  /** At least one; the first one is offered where a value is wrong. */
  readonly examples: readonly [JsonValue, ...JsonValue[]];
  /** What holds without the key; absent where that is nothing, or depends on other keys. */
  readonly default?: JsonValue;
}

/** What a value of this shape is, after "expected". */
export function expectedType(shape: Shape): string {
  switch (shape.kind) {
    case 'version':
    case 'integer':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'scalar':
      return 'a string, a number, true or false';
    case 'any-text':
    case 'text':
    case 'choice':
      return 'a string';
    case 'list':
      return 'a list of strings';
    case 'record':
    case 'map':
    case 'variants':
      return 'an object';
    case 'either':
      return 'an object or a list of strings';
  }
}
