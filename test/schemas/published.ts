/** The JSON schemas that are published in `schemas/`: each is made from the shape that checks and types what it describes. */
import { toJsonSchema, type JsonSchema } from '@valibot/to-json-schema';
import { format } from 'oxfmt';
import { builtFile, builtGuest, manifestShape } from '../../src/backends/manifest-shape.ts';
import { planVersion } from '../../src/backends/plan-file/emit.ts';
import { commandShape, planShape, settingShape } from '../../src/backends/plan-file/plan-shape.ts';
import { entry, from, piece, word } from '../../src/backends/plan-file/shapes.ts';
import { protocolVersion } from '../../src/control/protocol.ts';
import { builtFileShape, builtHostShape, builtShape, builtVersion } from '../../src/cli/formats/built.ts';
import { argvCommandShape, argvShape } from '../../src/cli/formats/argv.ts';
import { findingShape, noteShape } from '../../src/cli/formats/finding.ts';
import { listShape, listedDomainShape } from '../../src/cli/formats/list.ts';
import {
  changeShape,
  changesShape,
  guestInHost,
  guestShape,
  networkInHost,
  volumeInHost,
  networkShape,
} from '../../src/changes/shape.ts';
import { lockVersion } from '../../src/hardware/lock-text.ts';
import { lockEntry, lockShape } from '../../src/hardware/lock-shape.ts';
import { manifestVersion } from '../../src/backends/known-manifest.ts';
import { validationVersion } from '../../src/host/validation/render.ts';
import { checkShape, validationShape } from '../../src/host/validation/shape.ts';
import { takesShape } from '../../src/ir/steps/takes-shape.ts';
import { pair } from '../../src/ir/shapes.ts';
import {
  reportCommand,
  reportGuest,
  reportNetwork,
  reportRun,
  reportShape,
  reportVolumes,
} from '../../src/rehearsal/report.ts';
import { reportVersion } from '../../src/rehearsal/story.ts';
import { reportVersion as selftestVersion } from '../../src/selftest/report.ts';
import { factShape, selftestShape, testShape } from '../../src/selftest/report-shape.ts';
import { passwordsShape } from '../../src/documents/passwords-shape.ts';
import { isObject } from '../../src/text/json.ts';
import { eventLineShape, eventVersion } from '../../src/supervisor/observe/event-line.ts';
import type { Shape } from '../../src/text/shape.ts';
import { callShape, protocolParts } from './protocol.ts';

/** One file of `schemas/`. */
export interface Published {
  readonly version: number;
  readonly title: string;
  readonly shape: Shape<unknown>;
  /** The parts that have a name of their own. */
  readonly parts: Readonly<Record<string, Shape<unknown>>>;
}

/** By the name of the file, without its end. That of host profiles is made by `src/host/schema.ts`. */
export const published: Readonly<Record<string, Published>> = {
  manifest: {
    version: manifestVersion,
    title: 'bhyvec manifest',
    shape: manifestShape,
    parts: { guest: builtGuest, file: builtFile, takes: takesShape, pair },
  },
  changes: {
    version: 1,
    title: 'bhyvec changes',
    shape: changesShape,
    parts: { guest: guestInHost, network: networkInHost, volume: volumeInHost, change: changeShape },
  },
  plan: {
    version: planVersion,
    title: 'bhyvec plan',
    shape: planShape,
    parts: { from, pair, entry, piece, word, command: commandShape, setting: settingShape },
  },
  selftest: {
    version: selftestVersion,
    title: 'bhyvec host selftest',
    shape: selftestShape,
    parts: { fact: factShape, test: testShape },
  },
  protocol: { version: protocolVersion, title: 'bhyvec control protocol', shape: callShape, parts: protocolParts },
  secrets: { version: 1, title: 'bhyvec secrets', shape: passwordsShape, parts: {} },
  build: {
    version: builtVersion,
    title: 'bhyvec build',
    shape: builtShape,
    parts: {
      host: builtHostShape,
      file: builtFileShape,
      guest: guestShape,
      network: networkShape,
      change: changeShape,
      finding: findingShape,
      note: noteShape,
    },
  },
  argv: { version: 1, title: 'bhyvec argv', shape: argvShape, parts: { command: argvCommandShape } },
  list: { version: 1, title: 'bhyvec list', shape: listShape, parts: { domain: listedDomainShape } },
  'event-log': { version: eventVersion, title: 'bhyvec event log', shape: eventLineShape, parts: {} },
  finding: { version: 1, title: 'bhyvec finding', shape: findingShape, parts: { note: noteShape } },
  lock: { version: lockVersion, title: 'bhyvec lock', shape: lockShape, parts: { entry: lockEntry } },
  rehearsal: {
    version: reportVersion,
    title: 'bhyvec rehearsal',
    shape: reportShape,
    parts: {
      guest: reportGuest,
      network: reportNetwork,
      volumes: reportVolumes,
      run: reportRun,
      command: reportCommand,
    },
  },
  'host-validation': {
    version: validationVersion,
    title: 'bhyvec host validation',
    shape: validationShape,
    parts: { check: checkShape },
  },
};

/** The text of a schema, draft 2020-12. */
export async function schemaText(name: string, { version, title, shape, parts }: Published): Promise<string> {
  const { $schema, description, $defs, ...rest } = toJsonSchema(shape, {
    target: 'draft-2020-12',
    typeMode: 'input',
    // What JSON schema cannot say: a text holds no NUL.
    ignoreActions: ['check'],
    definitions: { ...parts },
    overrideSchema: ({ jsonSchema }) => tidied(jsonSchema),
  });
  const head = { $schema, $id: `urn:bhyvec:${name}:${String(version)}`, title, description };
  const ordered: unknown = JSON.parse(JSON.stringify({ ...rest, $defs }), descriptionFirst);
  const text = JSON.stringify({ ...head, ...(isObject(ordered) ? ordered : {}) });
  return (await format(`${name}.json`, text, { printWidth: 120 })).code;
}

function descriptionFirst(_key: string, value: unknown): unknown {
  return isObject(value) && typeof value['description'] === 'string'
    ? { description: value['description'], ...value }
    : value;
}

/** `{anyOf: [{type: T}, {type: null}]}` is `{type: [T, null]}`; where more is said of the first, its description is for both. */
function tidied(schema: JsonSchema): JsonSchema {
  const { anyOf: [one, other, ...more] = [], ...rest } = schema;
  if (typeof one !== 'object' || typeof other !== 'object' || other.type !== 'null' || more.length > 0) return schema;
  if (typeof one.type === 'string' && one.enum === undefined) return { ...rest, ...one, type: [one.type, 'null'] };
  const { description, ...own } = one;
  return description === undefined ? schema : { ...rest, description, anyOf: [own, other] };
}
