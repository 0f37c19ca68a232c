/** `<rng>` (formatdomain, "Random number generator device"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

/** A source of random numbers. */
export interface Rng {
  readonly at: Span;
  readonly model: Located<string>;
  readonly backend: Located<'random' | 'egd' | 'builtin'>;
  /** The device that a `random` backend names. */
  readonly device: Located<string> | null;
  readonly address: Address | null;
}

/** Reads a source of random numbers. */
export function readRng(element: ElementReader): Rng | null {
  const { at, reporter } = element;
  const models = ['virtio', 'virtio-transitional', 'virtio-non-transitional'] as const;
  const written = element.attribute('model');
  if (written === null) reporter.report('BV0310', at, { element: 'rng', part: 'model attribute' });
  const model = readWord(written, models, 'the model of an rng', reporter);
  const backend = element.child('backend');
  const source = backend?.attribute('model') ?? null;
  if (source === null) reporter.report('BV0310', backend?.at ?? at, { element: 'rng', part: 'backend model' });
  const kind = readWord(source, ['random', 'egd', 'builtin'] as const, 'the backend of an rng', reporter);
  const address = readAddress(element);
  if (model === null || kind === null) return null;
  if (kind.value === 'egd') backend?.takeAll();
  return { at, model, backend: kind, device: backend?.filledText() ?? null, address };
}
