/**
 * The published JSON Schema (2020-12) of project files, made from the table that the reader checks against. What it cannot
 * express is listed in `beyondSchema`.
 */
import type { Code } from '../diagnostics/catalogue/index.ts';
import { schemaOf } from '../host/schema.ts';
import { projectShape } from './fields.ts';

/** Errors of `readProject` in files that the schema accepts: rules between values, and the form of the text. */
export const beyondSchema: readonly Code[] = ['BV1043', 'BV1053', 'BV1054', 'BV1055', 'BV1058'];

/** The schema as JSON text, indented by two. */
export function projectSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:bhyvec:project:1',
    title: 'bhyvec project',
    description: 'bhyvec.json: the hosts of a project, which domains go where, and the variables of their XML',
    ...schemaOf(projectShape),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
