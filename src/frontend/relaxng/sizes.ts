/** Numbers as people write them and the grammar does not take them: with separators, with a unit, with a fraction. */
import { displayName, type XmlElement } from '../xml/tree.ts';

/** The number without the separators between its digits; null where it has none. */
export function withoutSeparators(value: string): string | null {
  const written = value.trim();
  return /^\d{1,3}(?:[,_' ]\d{3})+$/.test(written) ? written.replaceAll(/\D/g, '') : null;
}

const units = ['KiB', 'MiB', 'GiB', 'TiB'];

/**
 * The element as it would say the size that its text means: `<memory unit='MiB'>1024</memory>` for `1024MiB` or `1G`, and
 * `<memory unit='MiB'>1536</memory>` for 1.5 with the unit GiB. Null where the text is no such size.
 */
export function sizeElement(element: XmlElement, text: string): string | null {
  const match = /^(\d+)(?:\.(\d{1,3}))?\s*([kmgt])?(?:i?b)?$/i.exec(text.trim());
  const written = element.attributes.find(({ name }) => name.local === 'unit')?.value ?? 'KiB';
  const letter = (match?.[3] ?? written.charAt(0)).toUpperCase();
  const place = units.findIndex((unit) => unit.startsWith(letter));
  if (match === null || place < 0 || (match[2] !== undefined && place === 0)) return null;
  const size = Number(`${match[1] ?? ''}.${match[2] ?? '0'}`);
  const [unit, count] = match[2] === undefined ? [units[place], size] : [units[place - 1], Math.round(size * 1024)];
  const name = displayName(element.name);
  return `<${name} unit='${unit ?? ''}'>${String(count)}</${name}>`;
}
