/**
 * Derivatives of patterns (James Clark, "An algorithm for RELAX NG validation"): what remains of a pattern once a part
 * of the document was seen. There is no `after` pattern: a start tag gives pairs of content and rest instead, so that
 * what is worked out about an element's content does not depend on where the element stands.
 */
import { collapse, isValueOf, sameValue } from './datatypes.ts';
import { contains, type AttributePlan, type Pattern, type Patterns, type Transition } from './patterns.ts';

/** A name as the engine looks it up. `key` is unique for namespace and local name. */
export interface LookupName {
  readonly namespace: string;
  readonly local: string;
  readonly key: string;
}

const none: readonly Transition[] = [];

/** The ways in which an element of that name may begin here. */
export function startTag(patterns: Patterns, pattern: Pattern, name: LookupName): readonly Transition[] {
  const known = pattern.starts?.get(name.key);
  if (known !== undefined) return known;
  const found = merged(patterns, start(patterns, pattern, name));
  pattern.starts ??= new Map();
  pattern.starts.set(name.key, found);
  patterns.grow();
  return found;
}

function start(patterns: Patterns, pattern: Pattern, name: LookupName): readonly Transition[] {
  switch (pattern.kind) {
    case 'element':
      if (!contains(pattern.name, name.namespace, name.local)) return none;
      return [{ content: patterns.contentOf(pattern.element), rest: patterns.empty }];
    case 'choice':
      return pattern.items.flatMap((item) => start(patterns, item, name));
    case 'oneOrMore': {
      const again = patterns.choice([pattern, patterns.empty]);
      return start(patterns, pattern.item, name).map(({ content, rest }) => ({
        content,
        rest: patterns.group([rest, again]),
      }));
    }
    case 'group': {
      const found: Transition[] = [];
      for (const [i, item] of pattern.items.entries()) {
        for (const { content, rest } of start(patterns, item, name))
          found.push({ content, rest: patterns.group([rest, ...pattern.items.slice(i + 1)]) });
        if (!item.nullable) break;
      }
      return found;
    }
    case 'interleave': {
      const found: Transition[] = [];
      for (let i = 0; i < pattern.items.length; i++) {
        const item = pattern.items[i];
        if (item === undefined || (item.first !== null && item.first !== name.local)) continue;
        for (const { content, rest } of start(patterns, item, name))
          found.push({ content, rest: patterns.interleave(pattern.items.with(i, rest)) });
      }
      return found;
    }
    default:
      return none;
  }
}

/** Joins the rests of equal contents. */
function merged(patterns: Patterns, transitions: readonly Transition[]): readonly Transition[] {
  if (transitions.length < 2) return transitions;
  const rests = new Map<Pattern, Pattern>();
  for (const { content, rest } of transitions) {
    const other = rests.get(content);
    rests.set(content, other === undefined ? rest : patterns.choice([other, rest]));
  }
  return [...rests].map(([content, rest]) => ({ content, rest }));
}

/** What remains after an attribute. */
export function attribute(patterns: Patterns, pattern: Pattern, name: LookupName, value: string): Pattern {
  if (!pattern.hasAttributes) return patterns.notAllowed;
  pattern.plans ??= new Map();
  let plan = pattern.plans.get(name.key);
  if (plan === undefined) {
    plan = { values: attributeValues(pattern, name), results: new Map() } satisfies AttributePlan;
    pattern.plans.set(name.key, plan);
    patterns.grow();
  }
  if (plan.values.length > 30) return attributeWhere(patterns, pattern, name, (item) => accepts(patterns, item, value));
  let mask = 0;
  for (const [i, item] of plan.values.entries()) if (accepts(patterns, item, value)) mask |= 1 << i;
  if (mask === 0) return patterns.notAllowed;
  const known = plan.results.get(mask);
  if (known !== undefined) return known;
  const { values } = plan;
  const made = attributeWhere(patterns, pattern, name, (item) => (mask & (1 << values.indexOf(item))) !== 0);
  plan.results.set(mask, made);
  patterns.grow();
  return made;
}

/** The different patterns that attributes of that name may match. */
export function attributeValues(pattern: Pattern, name: LookupName): readonly Pattern[] {
  const found: Pattern[] = [];
  const visit = (p: Pattern): void => {
    if (!p.hasAttributes) return;
    if (p.kind === 'attribute') {
      if (contains(p.name, name.namespace, name.local) && !found.includes(p.item)) found.push(p.item);
    } else if (p.kind === 'choice' || p.kind === 'group' || p.kind === 'interleave') p.items.forEach(visit);
    else if (p.kind === 'oneOrMore') visit(p.item);
  };
  visit(pattern);
  return found;
}

/** What remains after an attribute whose value is taken to match where `matches` says so. */
export function attributeWhere(
  patterns: Patterns,
  pattern: Pattern,
  name: LookupName,
  matches: (value: Pattern) => boolean,
): Pattern {
  if (!pattern.hasAttributes) return patterns.notAllowed;
  switch (pattern.kind) {
    case 'attribute':
      return contains(pattern.name, name.namespace, name.local) && matches(pattern.item)
        ? patterns.empty
        : patterns.notAllowed;
    case 'choice':
      return patterns.choice(pattern.items.map((item) => attributeWhere(patterns, item, name, matches)));
    case 'group':
    case 'interleave': {
      const found: Pattern[] = [];
      for (const [i, item] of pattern.items.entries()) {
        const rest = attributeWhere(patterns, item, name, matches);
        if (rest !== patterns.notAllowed) found.push(patterns[pattern.kind](pattern.items.with(i, rest)));
      }
      return patterns.choice(found);
    }
    case 'oneOrMore':
      return patterns.group([
        attributeWhere(patterns, pattern.item, name, matches),
        patterns.choice([pattern, patterns.empty]),
      ]);
    default:
      return patterns.notAllowed;
  }
}

/** What remains when no further attribute comes: nothing where one is missing. */
export function closeTag(patterns: Patterns, pattern: Pattern): Pattern {
  if (!pattern.hasAttributes) return pattern;
  pattern.closed ??= withoutAttributes(patterns, pattern, patterns.notAllowed);
  return pattern.closed;
}

/** The pattern with `instead` in the place of each attribute pattern. */
export function withoutAttributes(patterns: Patterns, pattern: Pattern, instead: Pattern): Pattern {
  if (!pattern.hasAttributes) return pattern;
  switch (pattern.kind) {
    case 'attribute':
      return instead;
    case 'choice':
    case 'group':
    case 'interleave':
      return patterns[pattern.kind](pattern.items.map((item) => withoutAttributes(patterns, item, instead)));
    case 'oneOrMore':
      return patterns.oneOrMore(withoutAttributes(patterns, pattern.item, instead));
    default:
      return pattern;
  }
}

/** Tells whether a whole text, an attribute's value or an element's only content, matches. */
export function accepts(patterns: Patterns, pattern: Pattern, text: string): boolean {
  switch (pattern.kind) {
    case 'text':
      return true;
    case 'choice':
      return pattern.items.some((item) => accepts(patterns, item, text));
    default:
      return (pattern.nullable && collapse(text) === '') || afterText(patterns, pattern, text).nullable;
  }
}

/** What remains after a text. */
export function afterText(patterns: Patterns, pattern: Pattern, text: string): Pattern {
  switch (pattern.kind) {
    case 'text':
      return pattern;
    case 'value':
      return sameValue(pattern.type, pattern.text, text) ? patterns.empty : patterns.notAllowed;
    case 'data':
      return isValueOf(pattern.type, pattern.parameters, text) &&
        (pattern.except === null || !accepts(patterns, pattern.except, text))
        ? patterns.empty
        : patterns.notAllowed;
    case 'list': {
      let rest = pattern.item;
      for (const word of collapse(text).split(' ').filter(Boolean)) rest = afterText(patterns, rest, word);
      return rest.nullable ? patterns.empty : patterns.notAllowed;
    }
    case 'choice':
      return patterns.choice(pattern.items.map((item) => afterText(patterns, item, text)));
    case 'group': {
      const found: Pattern[] = [];
      for (const [i, item] of pattern.items.entries()) {
        found.push(patterns.group([afterText(patterns, item, text), ...pattern.items.slice(i + 1)]));
        if (!item.nullable) break;
      }
      return patterns.choice(found);
    }
    case 'interleave':
      return patterns.choice(
        pattern.items.map((item, i) => patterns.interleave(pattern.items.with(i, afterText(patterns, item, text)))),
      );
    case 'oneOrMore':
      return patterns.group([afterText(patterns, pattern.item, text), patterns.choice([pattern, patterns.empty])]);
    default:
      return patterns.notAllowed;
  }
}
