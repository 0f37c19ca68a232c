/** Shapes that several parts of plan.json share. */
import type { ConfigEntry } from '../../ir/settings.ts';
import type { Piece } from '../../ir/words.ts';
import { lastPort } from '../../ir/units.ts';
import { constant, list, object, optional, text, variants, whole, type Shape, type TypeOf } from '../../text/shape.ts';

/** What plan.json has in place of origins. */
export interface From {
  readonly from: string;
}

/** A piece of a word. A secret is not in the file. */
export type WrittenPiece = {
  [K in Piece['kind']]: Omit<Piece & { readonly kind: K }, K extends 'secret' ? 'at' | 'text' : 'at'> & From;
}[Exclude<Piece['kind'], 'seconds'>];

/** The part of the XML. No name is longer: it holds one value of an attribute. */
export const from = text(
  'the part of the XML that this came from, by a name that other changes leave as it is: disk vda, os/loader',
  { least: 1, most: 4096, words: 'the name of a part' },
);

/** A path on the host. */
export const hostPath = (description: string) => text(description, { least: 1, words: 'a path' });

/** One KEY=VALUE of bhyve_config(5). */
export const entry: Shape<ConfigEntry> = object('KEY=VALUE of bhyve_config(5), not yet escaped', {
  key: text('the key', { least: 1, words: 'a key' }),
  value: text('the value; <secret> stands in place of a secret'),
  secret: optional(constant('true where the secret has been taken out', true)),
});

const kind = <const K extends string>(name: K) => constant('what it is', name);

const pieces = {
  text: object('text', { kind: kind('text'), text: text('the text'), from }),
  secret: object('a secret, which is not in this file', { kind: kind('secret'), from }),
  port: object('a TCP port that is chosen at the start', {
    kind: kind('port'),
    address: text('where it has to be free, as in the step of kind port'),
    port: whole('the first one', 1, lastPort),
    from,
  }),
  tap: object('a tap(4) interface, as in the step of kind tap', {
    kind: kind('tap'),
    name: text('interface name'),
    from,
  }),
  'secrets-file': object('the file that the step of kind secrets makes', {
    kind: kind('secrets-file'),
    path: hostPath('absolute path'),
    from,
  }),
};

/** A piece. */
export const piece: Shape<WrittenPiece> = variants<WrittenPiece>('kind', pieces);

/** A word. */
export const word = object('one word of a command', {
  text: text('the word; <secret> stands in place of a secret'),
  rule: text('the rule that made it'),
  from,
  pieces: optional(list('what the word is made of, where that is more than text', piece, { least: 1 })),
});

export type WrittenWord = TypeOf<typeof word>;
