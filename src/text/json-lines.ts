/** JSON for files that are kept in git: what belongs together is a line, so that a change of it is one line of a diff. */

/** How deep objects go apart: the value itself, and the objects that it holds. */
const objects = 2;
/** How deep lists do: one more, for lists in those objects. */
const lists = 3;

/**
 * A value as text: members of the value and of the objects in it on lines of their own, and so the things in a list;
 * whatever is in these is on one line. Members that are undefined are left out, as JSON has it.
 * @returns the text, with a line feed at its end
 */
export function jsonLines(value: object): string {
  return `${apart(value, 0)}\n`;
}

function apart(value: unknown, depth: number): string {
  if (Array.isArray(value)) {
    if (depth >= lists || !value.some(isThing)) return JSON.stringify(value);
    return block(
      '[',
      value.map((one) => JSON.stringify(one)),
      ']',
      depth,
    );
  }
  if (!isThing(value) || depth >= objects) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return block(
    '{',
    members.map(([key, one]) => `${JSON.stringify(key)}: ${apart(one, depth + 1)}`),
    '}',
    depth,
  );
}

function block(open: string, items: readonly string[], close: string, depth: number): string {
  if (items.length === 0) return open + close;
  const indent = '  '.repeat(depth);
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}

function isThing(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
