/** Templates place values and decide nothing: every value passes a quoting helper, and only known forms occur. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';

const folder = path.join(root, 'templates');
const helpers = JSON.parse(readFileSync(path.join(folder, 'helpers.json'), 'utf8')) as readonly string[];
const templates = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.hbs'));

/** What is wrong with the statements of a program. */
function faults({ body }: hbs.AST.Program): readonly string[] {
  return body.flatMap((statement): readonly string[] => {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return [];
      case 'PartialStatement':
        return (statement as hbs.AST.PartialStatement).params.length > 0 ? ['a partial takes the whole view'] : [];
      case 'MustacheStatement': {
        const { path: called, params } = statement as hbs.AST.MustacheStatement;
        const name = (called as hbs.AST.PathExpression).original;
        const shown = `{{${name}${params.map((param) => ` ${(param as hbs.AST.PathExpression).original}`).join('')}}}`;
        return helpers.includes(name) && params.length === 1 ? pathFaults(params) : [`${shown} is no call of a helper`];
      }
      case 'BlockStatement': {
        const { path: called, params, program, inverse } = statement as hbs.AST.BlockStatement;
        const known = ['if', 'each'].includes(called.original);
        const inner = [program, inverse as hbs.AST.Program | undefined].flatMap((part) =>
          part === undefined ? [] : faults(part),
        );
        return [...(known ? [] : [`{{#${called.original}}}`]), ...pathFaults(params), ...inner];
      }
      default:
        return [statement.type];
    }
  });
}

function pathFaults(params: readonly hbs.AST.Expression[]): readonly string[] {
  return params.flatMap((param) => {
    const { original, depth } = param as hbs.AST.PathExpression;
    return param.type !== 'PathExpression' || depth > 0 ? [`${original} is no value of the view`] : [];
  });
}

test.each(templates)('%s', (name) => {
  const text = readFileSync(path.join(folder, name), 'utf8');
  expect(faults(Handlebars.parse(text))).toEqual([]);
  expect(text).not.toContain('{{{');
  expect(text.split('\n').filter((line) => /[^ -~\t]/.test(line))).toEqual([]);
  expect(text.split('\n').length).toBeLessThanOrEqual(300);
});

/** POSIX: where a redirection of a special builtin fails, the shell ends, and what stands behind `||` is never reached. */
test.each(templates)('%s: what may fail to be opened is opened for `true`, unless a subshell ends by it', (name) => {
  const lines = readFileSync(path.join(folder, name), 'utf8').split('\n');
  expect(lines.filter((line) => /(?:^|[;{&|]) *: *>/.test(line) && !/\([^)]*: *>/.test(line))).toEqual([]);
});
