/** The published schemas are those of the shapes; `npx vitest run test/schemas -u` writes them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { published, schemaText } from './published.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });

/** Those that other tests hold equal to what they describe. */
const elsewhere = ['host-profile', 'project'];

test('each file in schemas/ is made here, or looked at elsewhere', () => {
  const names = [...Object.keys(published), ...elsewhere].map((name) => `${name}.schema.json`);
  expect(readdirSync('schemas').toSorted()).toEqual(names.toSorted());
});

test.each(Object.entries(published))('%s: the file is the shape, in draft 2020-12', async (name, one) => {
  const text = await schemaText(name, one);
  await expect(text).toMatchFileSnapshot(`../../schemas/${name}.schema.json`);
  const schema = JSON.parse(text) as Record<string, unknown>;
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  expect(typeof ajv.compile(schema)).toBe('function');
});

test.each(Object.entries(published))('%s: everything has a description', async (name, one) => {
  const bare: string[] = [];
  JSON.parse(await schemaText(name, one), (key, value: unknown) => {
    if (key !== 'properties' || typeof value !== 'object' || value === null) return value;
    for (const [field, part] of Object.entries(value) as [string, Record<string, unknown>][])
      if (!('description' in part) && !('$ref' in part)) bare.push(field);
    return value;
  });
  expect(bare).toEqual([]);
});
