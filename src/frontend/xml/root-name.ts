/** The name of a document's outermost element, as it is found without reading the rest: what kind of document it is. */

/** What a document can be that is no guest: its outermost element, in no namespace. */
export const resourceKinds = ['network', 'pool', 'volume'] as const;

export type ResourceKind = (typeof resourceKinds)[number];

/** The kind by the name of the outermost element; null for a guest, and for what is nothing that is known. */
export function resourceKind(name: string): ResourceKind | null {
  return resourceKinds.find((kind) => kind === name) ?? null;
}

/** The name as it is written; empty where the text does not begin as a document does, which its parser tells. */
export function rootName(text: string): string {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const end = endOfOther(text, at);
    if (end === null) break;
    if (end < 0) return '';
    at = end;
  }
  const [, name = ''] = /^<([^\s/>]{1,200})/.exec(text.slice(at, at + 202)) ?? [];
  return name;
}

/** Where a comment, an instruction or a document type ends that begins there; null where none does, -1 where it has no end. */
function endOfOther(text: string, at: number): number | null {
  const after = (close: string): number => {
    const found = text.indexOf(close, at);
    return found < 0 ? -1 : found + close.length;
  };
  if (text.startsWith('<!--', at)) return after('-->');
  if (text.startsWith('<?', at)) return after('?>');
  if (!text.startsWith('<!', at)) return null;
  const subset = text.indexOf('[', at);
  const close = text.indexOf('>', at);
  return subset >= 0 && subset < close ? after(']>') : after('>');
}
