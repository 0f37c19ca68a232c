/**
 * The one Handlebars instance: precompiled templates, helpers that quote, and views that are sealed, because Handlebars
 * passes over a missing value in silence. templates/helpers.json lists the helpers for the build.
 */
import { rctlRule } from '../../ir/rctl.ts';
import Handlebars from 'handlebars';
import { invariant } from '../../diagnostics/invariant.ts';
import { commentText, defaultValue, identifier, shellWord } from '../../text/sh.ts';

/** A part of a word: text of the plan, or the name of a variable that is known at run time only. */
export type Piece = { readonly text: string } | { readonly variable: string };

/** Every value in a template passes one of these. */
const helpers: Readonly<Record<string, (value: unknown) => string>> = {
  /** One word. */
  shell: (value) => shellWord(text(value)),
  /** Words with blanks between them. */
  words: (value) =>
    list(value)
      .map((word) => shellWord(text(word)))
      .join(' '),
  /** Text in a comment. */
  comment: (value) => commentText(text(value)),
  /** A name of a variable. */
  identifier: (value) => identifier(text(value)),
  /** Words made of pieces, each with a blank before it. */
  pieces: (value) =>
    list(value)
      .map((word) => ` ${list(word).map(piece).join('')}`)
      .join(''),
  /** Whether something is so, as a variable that is tested with -n. */
  flag: (value) => shellWord(value === true ? 'yes' : ''),
  /** A variable of rc.conf(5) and its default. */
  fallback: (value) => fallback(value),
  /** Rules of rctl(8) for the process that reads them, inside single quotes. */
  limits: (value) =>
    list(value)
      .map((rule) => `"process:$$:${ruleText(text(rule))}"`)
      .join(' '),
};

const engine = Handlebars.create();
for (const [name, help] of Object.entries(helpers)) engine.registerHelper(name, (value: unknown) => help(value));

/** Makes a template of a precompiled one and its partials. What `parts` make of the view are partials, too. */
export function template<V extends object>(
  main: TemplateSpecification,
  partials: Readonly<Record<string, TemplateSpecification>> = {},
  parts: Readonly<Record<string, (view: V) => string>> = {},
): (view: V) => string {
  const compiled = Object.entries(partials).map(([name, partial]) => [name, engine.template(partial)] as const);
  const render = engine.template<object>(main);
  return (view) => {
    const made = Object.entries(parts).map(([name, part]) => [name, () => part(view)] as const);
    return render(sealed(view), { partials: Object.fromEntries([...compiled, ...made]) });
  };
}

/** The same value, which throws where something is read that is not there. */
function sealed<T extends object>(value: T): T {
  return new Proxy(value, {
    get(target, key, receiver): unknown {
      const found: unknown = Reflect.get(target, key, receiver);
      invariant(
        found !== undefined || typeof key === 'symbol' || Array.isArray(target),
        `the view has no ${String(key)}`,
      );
      return typeof found === 'object' && found !== null ? sealed(found) : found;
    },
  });
}

function text(value: unknown): string {
  if (typeof value === 'number') return String(value);
  invariant(typeof value === 'string', 'a template gave a helper something that is no text');
  return value;
}

function list(value: unknown): readonly unknown[] {
  invariant(Array.isArray(value), 'a template gave a helper something that is no list');
  return value;
}

function piece(value: unknown): string {
  invariant(typeof value === 'object' && value !== null, 'a word is made of pieces');
  if ('variable' in value) return `"$${identifier(text(value.variable))}"`;
  invariant('text' in value, 'a piece has a text or a variable');
  return shellWord(text(value.text));
}

function fallback(value: unknown): string {
  invariant(
    typeof value === 'object' && value !== null && 'variable' in value && 'value' in value,
    'a default has a variable',
  );
  return defaultValue(text(value.variable), text(value.value));
}

function ruleText(rule: string): string {
  invariant(rctlRule.test(rule), `${rule} is no rule of rctl(8)`);
  return rule;
}
