/**
 * The published JSON Schema (2020-12) of host profile files, made from the table that the reader checks against.
 * What it cannot express is listed in `beyondSchema`.
 */
import type { Code } from '../diagnostics/catalogue/index.ts';
import { profileShape } from './fields.ts';
import { firstArm64Release, releases, runsOn } from './releases.ts';
import type { Field, JsonValue, RecordShape, Shape } from './shape.ts';

/** A JSON Schema. */
export type Schema = Readonly<Record<string, JsonValue>>;

/** Errors of `readHostProfile` in files that the schema accepts: rules between values, and the form of the text. */
export const beyondSchema: readonly Code[] = ['BV1004', 'BV1015', 'BV1017', 'BV1022'];

/** The schema as JSON text, indented by two. */
export function hostProfileSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:bhyvec:host-profile:1',
    title: 'bhyvec host profile',
    description: 'What bhyvec knows of the FreeBSD host that a guest will run on',
    ...schemaOf(profileShape),
    anyOf: [{ required: ['release'] }, { required: ['capabilities'] }],
    allOf: [
      {
        if: { required: ['release'] },
        then: { properties: { capabilities: { type: 'object' } } },
        else: { properties: { capabilities: { type: 'array' } } },
      },
      {
        if: { required: ['arch'], properties: { arch: { const: 'arm64' } } },
        then: { properties: { release: { enum: releases.filter((release) => runsOn(release, 'arm64')) } } },
        $comment: `bhyve runs on arm64 from FreeBSD ${firstArm64Release}`,
      },
    ],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The schema of one value. */
export function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case 'version':
      return { const: shape.accepted };
    case 'boolean':
      return { type: 'boolean' };
    case 'any-text':
      return { type: 'string' };
    case 'scalar':
      return { type: ['string', 'number', 'boolean'] };
    case 'text':
      return { type: 'string', pattern: shape.pattern };
    case 'choice':
      return { enum: shape.values };
    case 'integer':
      return { type: 'integer', minimum: shape.first, maximum: shape.last };
    case 'list':
      return { type: 'array', items: schemaOf(shape.item), uniqueItems: true };
    case 'record':
      return recordSchema(shape, {});
    case 'map': {
      const { pattern } = shape.key;
      const least = shape.needsOne === undefined ? {} : { minProperties: 1 };
      return { type: 'object', propertyNames: { pattern }, additionalProperties: schemaOf(shape.value), ...least };
    }
    case 'variants': {
      const { description, examples } = shape;
      const variants = Object.entries(shape.variants);
      return { description, examples, oneOf: variants.map(([name, record]) => recordSchema(record, { type: name })) };
    }
    case 'either':
      return { oneOf: [schemaOf(shape.record), schemaOf(shape.list)] };
  }
}

/** The schema of an object; `fixed` are required keys with the one value that they may have. */
function recordSchema({ fields }: RecordShape, fixed: Readonly<Record<string, string>>): Schema {
  const constants = Object.entries(fixed).map(([key, value]) => [key, { const: value }] as const);
  const properties = Object.entries(fields).map(([key, field]) => [key, fieldSchema(field)] as const);
  const required = [...Object.keys(fixed), ...Object.keys(fields).filter((key) => fields[key]?.required === true)];
  return {
    type: 'object',
    properties: Object.fromEntries([...constants, ...properties]),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function fieldSchema({ shape, description, examples, default: value }: Field): Schema {
  return { description, ...schemaOf(shape), examples, ...(value === undefined ? {} : { default: value }) };
}
