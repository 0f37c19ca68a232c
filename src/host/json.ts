/**
 * JSON text (RFC 8259) to a tree in which each name and each value keeps its place. Strict: no comments, no trailing
 * commas, no key twice. Too large or too deep a text is refused before it is parsed, so that no text overflows a stack.
 */
import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { SourceFile, Span } from '../diagnostics/source.ts';
import type { FileKind } from './file-kind.ts';
import { problemOf } from './json-problem.ts';
import { quoted } from './quoted.ts';

/** One value of a JSON text. */
export type Json =
  | { readonly kind: 'object'; readonly span: Span; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly Json[] }
  | { readonly kind: 'string'; readonly span: Span; readonly value: string }
  | { readonly kind: 'number'; readonly span: Span; readonly value: number }
  | { readonly kind: 'boolean'; readonly span: Span; readonly value: boolean }
  | { readonly kind: 'null'; readonly span: Span };

/** One key of an object with its value. */
export interface Member {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Json;
}

/** An object of a JSON text. */
export type JsonObject = Extract<Json, { kind: 'object' }>;

/** Most characters of a text, how deep its values may stand in one another, and how many comments are reported. */
export const limits = { characters: 262_144, depth: 32, comments: 20 } as const;

/**
 * Takes a text; gives its tree, or null where it has none. Reports that it is not JSON (the first mistake only), comments, that
 * it is too big, and a key that comes twice, by the codes of the kind of file: BV1001 to BV1004 for a host profile. A byte
 * order mark at the start is passed over.
 */
export function readJson(source: SourceFile, { codes }: FileKind, reporter: Reporter): Json | null {
  const base = source.text.startsWith('\uFEFF') ? 1 : 0;
  // jsonc-parser counts one character too many for a comment that the end of the text cuts off.
  const inside = (offset: number): number => Math.min(base + offset, source.text.length);
  const span = (start: number, length: number): Span => ({ source, start: inside(start), end: inside(start + length) });
  if (source.text.length > limits.characters) {
    const size = `${String(source.text.length)} characters`;
    reporter.report(codes.tooBig, span(0, 0), { size, limit: String(limits.characters) });
    return null;
  }
  const text = source.text.slice(base);
  const tooDeep = firstTooDeep(text);
  if (tooDeep !== null) {
    const limit = `${String(limits.depth)} levels`;
    reporter.report(codes.tooBig, span(tooDeep, 1), { size: 'values too deep in one another', limit });
    return null;
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const isComment = (error: ParseError): boolean => /Comment/.test(printParseErrorCode(error.error));
  for (const comment of errors.filter(isComment).slice(0, limits.comments)) {
    const at = span(comment.offset, comment.length);
    reporter.report(codes.comment, at, {}, { edit: { span: at, text: '' } });
  }
  const [first] = errors.filter((error) => !isComment(error));
  if (first !== undefined) {
    const found = problemOf(text, printParseErrorCode(first.error), first.offset, first.length);
    const { problem, remedy, edit } = found;
    const details = edit === null ? {} : { edit: { span: span(edit.start, edit.length), text: edit.text } };
    reporter.report(codes.notJson, span(found.start, found.length), { problem, remedy }, details);
    return null;
  }
  return root === undefined ? null : fromNode(root, span, twice);

  function twice({ key, keySpan }: Member, earlier: Member): void {
    const notes = [{ span: earlier.keySpan, text: 'first given here' }];
    reporter.report(codes.duplicateKey, keySpan, { key: quoted(key) }, { notes });
  }
}

/**
 * The offset of the first bracket that stands too deep, or null. A closing bracket of the wrong kind closes nothing
 * here, as in jsonc-parser, so that the parser is never deeper than this count.
 */
function firstTooDeep(text: string): number | null {
  const scanner = createScanner(text, true);
  const open: string[] = [];
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return null;
    const unit = text[offset];
    if (unit === '{') open.push('}');
    if (unit === '[') open.push(']');
    if (unit === open.at(-1)) open.pop();
    if (open.length > limits.depth) return offset;
  }
}

/** One node of jsonc-parser as ours; its keys are compared on the way. */
function fromNode(
  node: Node,
  spanOf: (start: number, length: number) => Span,
  twice: (member: Member, earlier: Member) => void,
): Json {
  const span = spanOf(node.offset, node.length);
  const value: unknown = node.value;
  if (typeof value === 'string') return { kind: 'string', span, value };
  if (typeof value === 'number') return { kind: 'number', span, value };
  if (typeof value === 'boolean') return { kind: 'boolean', span, value };
  const children = node.children ?? [];
  if (node.type === 'array') {
    return { kind: 'list', span, items: children.map((child) => fromNode(child, spanOf, twice)) };
  }
  if (node.type !== 'object') return { kind: 'null', span };
  const members = new Map<string, Member>();
  for (const property of children) {
    const [name, content] = property.children ?? [];
    const key: unknown = name?.value;
    if (name === undefined || content === undefined || typeof key !== 'string') continue;
    const member = { key, keySpan: spanOf(name.offset, name.length), value: fromNode(content, spanOf, twice) };
    const earlier = members.get(key);
    if (earlier === undefined) members.set(key, member);
    else twice(member, earlier);
  }
  return { kind: 'object', span, members: [...members.values()] };
}
