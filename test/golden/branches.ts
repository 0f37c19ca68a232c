/**
 * The branches of a template, and those that a view takes: both ways of an `{{#if}}`, and a list in an `{{#each}}` that is
 * not empty. The templates are read as they are written and walked with the view; what they render is not needed for it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import { root } from '../../scripts/bundling.mjs';

/** A template, and the partials that it names, by their files below templates/. */
export interface Template {
  readonly file: string;
  readonly partials: Readonly<Record<string, string>>;
}

const parsed = new Map<string, hbs.AST.Program>();

function programOf(file: string): hbs.AST.Program {
  const known = parsed.get(file) ?? Handlebars.parse(readFileSync(path.join(root, 'templates', file), 'utf8'));
  parsed.set(file, known);
  return known;
}

type Visit = (branch: string) => void;

/** All branches of the file itself. */
export function branchesOf(file: string): readonly string[] {
  const found: string[] = [];
  walk(programOf(file), file, null, { file, partials: {} }, (branch) => found.push(branch));
  return found;
}

/** The branches that a view takes, those of partials with them. */
export function takenBranches(template: Template, view: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  walk(programOf(template.file), template.file, { view }, template, (branch) => found.add(branch));
  return found;
}

/** Without a context every way is gone. */
function walk(
  { body }: hbs.AST.Program,
  file: string,
  context: { readonly view: unknown } | null,
  template: Template,
  visit: Visit,
): void {
  for (const statement of body) {
    if (statement.type === 'PartialStatement') {
      const { name } = statement as hbs.AST.PartialStatement;
      const partial = template.partials[(name as hbs.AST.PathExpression).original];
      if (partial !== undefined) walk(programOf(partial), partial, context, template, visit);
    } else if (statement.type === 'BlockStatement') {
      walkBlock(statement as hbs.AST.BlockStatement, file, context, template, visit);
    }
  }
}

function walkBlock(
  { path: called, params, program, inverse, loc }: hbs.AST.BlockStatement,
  file: string,
  context: { readonly view: unknown } | null,
  template: Template,
  visit: Visit,
): void {
  const param = params[0] as hbs.AST.PathExpression;
  const name = `${file}:${String(loc.start.line)} ${called.original} ${param.original}`;
  const value = context === null ? null : valueIn(context.view, param.parts);
  const isEach = called.original === 'each';
  const isTrue = Array.isArray(value) ? value.length > 0 : Boolean(value);
  if (context === null || isTrue) {
    visit(name);
    const views = context === null ? [null] : isEach ? (value as readonly unknown[]).map((view) => ({ view })) : [context];
    for (const one of views) walk(program, file, one, template, visit);
  }
  if (context === null || !isTrue) {
    if (!isEach) visit(`${name}, or not`);
    for (const otherwise of [inverse as hbs.AST.Program | undefined])
      if (otherwise !== undefined) walk(otherwise, file, context, template, visit);
  }
}

function valueIn(view: unknown, parts: readonly string[]): unknown {
  return parts.reduce<unknown>((value, part) => (value as Readonly<Record<string, unknown>>)[part], view);
}
