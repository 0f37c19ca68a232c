/** Codes that are no longer reported. They keep their number, which nothing else gets, and `explain` still knows them. */

/** What is known of a code that is reported no more. */
export interface Retired {
  readonly name: string;
  /** The version that reports it no more. */
  readonly since: string;
  /** What happens instead, as a sentence. */
  readonly instead: string;
  /** The codes to read on with. */
  readonly see: readonly string[];
}

export const retired: Readonly<Record<string, Retired>> = {
  BV0409: {
    name: 'missing-virtio-serial-controller',
    since: '0.1.0',
    instead: 'A virtio-serial controller that a channel names and the document lacks is now added.',
    see: ['BV0408', 'BV0410'],
  },
  BV0586: {
    name: 'tpm-emulator',
    since: '0.2.0',
    instead: 'The launcher starts swtpm for a TPM of type emulator, and ends it.',
    see: ['BV1575'],
  },
};
