/** The values of an attribute or of an element's text, as the documentation lists them. */
import type { Grammar, Rng } from './grammar.ts';

/** The words in the order of the grammar, then what the other values are; empty where there is no value. */
export function valuesOf(grammar: Grammar, pattern: Rng): string {
  const words: string[] = [];
  const labels: string[] = [];
  const visit = (p: Rng, label: string): void => {
    switch (p.kind) {
      case 'choice':
      case 'group':
      case 'interleave':
        for (const item of p.items) visit(item, label);
        return;
      case 'optional':
      case 'zeroOrMore':
      case 'oneOrMore':
      case 'list':
        visit(p.item, label);
        return;
      case 'ref': {
        const found = grammar.defines.get(p.name);
        if (found !== undefined && found.pattern.kind !== 'element') visit(found.pattern, found.documentation);
        return;
      }
      case 'value':
        words.push(p.text);
        return;
      case 'data':
      case 'text':
        labels.push(label === '' ? 'text' : label);
        return;
      default:
        return;
    }
  };
  visit(pattern, '');
  const list = words.length === 0 ? [] : [`\`${words.join('|')}\``];
  return [...list, ...new Set(labels)].join(', ');
}
