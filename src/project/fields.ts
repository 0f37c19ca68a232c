/** Every key of a project file, bhyvec.json: its form, what it is for, an example. docs/project.md explains them. */
import { variableForm } from '../frontend/variables.ts';
import { defaultTarget } from '../host/default-target.ts';
import { hostName, plain, type MapShape, type RecordShape, type TextShape } from '../host/shape.ts';

/** The name of a project file. */
export const projectName = 'bhyvec.json';

/** The version of the file format. */
export const projectVersion = 1;

const variableName: TextShape = {
  kind: 'text',
  is: 'name',
  pattern: `^(?=.{1,64}$)${variableForm}$`,
  expected: 'letters, digits, "_", "." and "-"',
  rule: 'the name of a variable starts with a letter or "_" and has at most 64 characters',
};

const place: TextShape = {
  kind: 'text',
  is: 'name',
  pattern: `^${plain}{1,1023}$`,
  expected: 'the name of a file or folder',
  rule: 'names start from the folder of the project file; they are not empty and have no control characters',
};

const variables: MapShape = {
  kind: 'map',
  key: variableName,
  value: { kind: 'scalar' },
  example: 'bridge0',
};

const host: RecordShape = {
  kind: 'record',
  fields: {
    profile: {
      shape: place,
      description: 'The host that is compiled for: a target of bhyvec target list, or the JSON file of a host profile',
      examples: ['hosts/alpha.json', defaultTarget],
      default: defaultTarget,
    },
    domains: {
      shape: { kind: 'list', item: place },
      required: true,
      description:
        'The domain XML of the host: files, folders (their *.xml) and patterns; one that starts with ! takes out what it matches',
      examples: [['domains/*.xml'], ['domains', '!domains/big.xml']],
    },
    output: {
      shape: place,
      description: 'The folder of its build. Without the key it is guests/HOST',
      examples: ['guests/alpha'],
    },
    lock: {
      shape: place,
      description: 'The file that remembers its hardware. Without the key it is HOST.lock',
      examples: ['alpha.lock'],
    },
    variables: {
      shape: variables,
      description: 'Variables of this host; they come before those of the project',
      examples: [{ bridge: 'bridge1' }],
    },
  },
};

/** A project file. */
export const projectShape: RecordShape = {
  kind: 'record',
  fields: {
    $schema: {
      shape: { kind: 'any-text' },
      description: 'For editors: where the schema of this file is. bhyvec passes it over',
      examples: ['node_modules/bhyvec/schemas/project.schema.json'],
    },
    version: {
      shape: { kind: 'version', accepted: projectVersion },
      required: true,
      description: 'The version of this file format',
      examples: [projectVersion],
    },
    hosts: {
      shape: { kind: 'map', key: hostName, value: host, example: { domains: ['domains/*.xml'] }, needsOne: 'alpha' },
      required: true,
      description: 'The hosts of the project, by name; guests of different hosts may have the same ports and names',
      examples: [{ alpha: { domains: ['domains/*.xml'] } }],
    },
    variables: {
      shape: variables,
      description:
        'What ${name} stands for in the texts and attributes of the XML: a string, a number, or true and false for yes and no',
      examples: [{ bridge: 'bridge0', memory: 2 }],
    },
  },
};
