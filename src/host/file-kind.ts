/** The kinds of JSON files that users write: how messages call them, and which codes their mistakes have. */
import type { JsonValue } from './shape.ts';

/** What the readers of JSON and of shapes need to know of the file. */
export interface FileKind {
  /** How messages call the file. */
  readonly words: string;
  /** The least that such a file may hold. */
  readonly example: JsonValue;
  readonly codes: {
    readonly notJson: 'BV1001' | 'BV1040';
    readonly comment: 'BV1002' | 'BV1041';
    readonly tooBig: 'BV1003' | 'BV1042';
    readonly duplicateKey: 'BV1004' | 'BV1043';
    readonly unknownKey: 'BV1005' | 'BV1044';
    readonly wrongType: 'BV1006' | 'BV1045';
    readonly missingKey: 'BV1007' | 'BV1046';
    readonly version: 'BV1008' | 'BV1047';
    readonly badText: 'BV1013' | 'BV1048';
    readonly duplicateItem: 'BV1021' | 'BV1049';
  };
}

/** A host profile. */
export const hostProfileFile: FileKind = {
  words: 'the host profile',
  example: { version: 1, release: '15.1' },
  codes: {
    notJson: 'BV1001',
    comment: 'BV1002',
    tooBig: 'BV1003',
    duplicateKey: 'BV1004',
    unknownKey: 'BV1005',
    wrongType: 'BV1006',
    missingKey: 'BV1007',
    version: 'BV1008',
    badText: 'BV1013',
    duplicateItem: 'BV1021',
  },
};

/** A project file. */
export const projectFile: FileKind = {
  words: 'the project file',
  example: { version: 1, hosts: { alpha: { domains: ['domains/*.xml'] } } },
  codes: {
    notJson: 'BV1040',
    comment: 'BV1041',
    tooBig: 'BV1042',
    duplicateKey: 'BV1043',
    unknownKey: 'BV1044',
    wrongType: 'BV1045',
    missingKey: 'BV1046',
    version: 'BV1047',
    badText: 'BV1048',
    duplicateItem: 'BV1049',
  },
};
