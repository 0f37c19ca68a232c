// bhyveload(8) and grub-bhyve(8): which words of their command lines name things of the host.

/** Letters of bhyveload that take a value. */
const BHYVELOAD = 'cdehlm';
/** Letters of grub-bhyve that take a value, and their long forms. */
const GRUB = 'rmdgcM';
const LONG = /** @type {Record<string, string>} */ ({
  root: 'r',
  'device-map': 'm',
  directory: 'd',
  'grub-cfg': 'g',
  'cons-dev': 'c',
  memory: 'M',
});

/** What a value names. @type {Record<string, Record<string, string>>} */
const NAMES = {
  bhyveload: { c: 'tty', d: 'disk', h: 'directory', l: 'file' },
  'grub-bhyve': { c: 'tty', d: 'directory', m: 'map' },
};

/**
 * The loader and its options; undefined where the command is none of these loaders. The loader may stand behind timeout(1).
 * @param {readonly string[]} words @returns {{ program: string, options: [string, string][] } | undefined}
 */
export function loaderOptions(words) {
  const at = words.findIndex((word) => /(?:^|\/)(?:bhyveload|grub-bhyve)$/.test(word));
  if (at < 0) return undefined;
  const program = words[at]?.replace(/^.*\//, '') ?? '';
  const valued = program === 'bhyveload' ? BHYVELOAD : GRUB;
  /** @type {[string, string][]} */
  const options = [];
  for (let index = at + 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, name = '', , joined] = /^--([a-z-]+)(=(.*))?$/s.exec(word) ?? [];
    const long = program === 'grub-bhyve' ? LONG[name] : undefined;
    const letter = long ?? (/^-[^-]/.test(word) ? [...word.slice(1)].find((one) => valued.includes(one)) : undefined);
    if (letter === undefined) continue;
    const rest = long === undefined ? word.slice(word.indexOf(letter, 1) + 1) : joined;
    if (rest === undefined || rest === '') index += 1;
    options.push([letter, rest === undefined || rest === '' ? (words[index] ?? '') : rest]);
  }
  return { program, options };
}

/** Things that the words of a loader name. @param {{ program: string, options: [string, string][] }} loader @returns {[string, string][]} */
export function loaderNames({ program, options }) {
  return options.flatMap(([letter, value]) => {
    const kind = NAMES[program]?.[letter];
    return kind === undefined ? [] : [/** @type {[string, string]} */ ([kind, value])];
  });
}
