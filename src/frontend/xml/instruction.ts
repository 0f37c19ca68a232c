/** Processing instructions and the XML declaration, which looks like one (XML 1.0, sections 2.6 and 2.8). */
import type { IToken } from 'chevrotain';
import type { Faults } from './faults.ts';
import { brief, isLocalName } from './names.ts';

const space = '[ \\t\\r\\n]+';
const equals = '[ \\t\\r\\n]*=[ \\t\\r\\n]*';
const either = (value: string): string => `(?:'${value}'|"${value}")`;

const declaration = new RegExp(
  `^<\\?xml${space}version${equals}${either('1\\.[0-9]+')}` +
    `(?:${space}encoding${equals}${either('[A-Za-z][A-Za-z0-9._-]*')})?` +
    `(?:${space}standalone${equals}${either('(?:yes|no)')})?[ \\t\\r\\n]*\\?>$`,
);

/** Reports what is wrong with a closed instruction; bhyvec reads none, so a right one is passed over. */
export function reportInstruction(token: IToken, faults: Faults): void {
  const { image, startOffset: start } = token;
  const end = start + image.length;
  const target = image.slice(2, -2).split(/[ \t\r\n]/, 1)[0] ?? '';
  if (target === 'xml' && start > 0) {
    const isFirst = faults.source.text.slice(0, start).trim() === '';
    const remedy = isFirst ? 'remove the empty space before it' : 'move it to the first line, or remove it';
    faults.report('BV0136', start, end, { remedy });
  } else if (target === 'xml') {
    if (!declaration.test(image)) faults.report('BV0137', start, end, {});
  } else if (target.toLowerCase() === 'xml' || !isLocalName(target)) {
    faults.report('BV0138', start, end, { found: target === '' ? 'nothing' : brief(target) });
  }
}
