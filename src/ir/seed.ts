/** What makes the text of a cloud-init volume a secret, and the places of such texts in a document. */

/** Words that come with passwords, keys and tokens in what cloud-init reads; one too many costs nothing. NOPASSWD is of sudo(8). */
const secretWord = /(?<!no|lock_)passw|secret|token|private.?key|BEGIN [A-Z ]*KEY|\bpsk\b|\bwpa/i;

/** Whether only root is to read it. */
export function holdsSecrets(text: string): boolean {
  return secretWord.test(text);
}

const part = /<(?:[\w.-]+:)?(?:user-data|vendor-data|meta-data|network-config)(?:\s[^<>]*)?>/g;

/** The texts of a document that are secret: those of elements with such names, from their start tag to their end tag. */
export function secretSeeds(text: string): readonly { readonly start: number; readonly end: number }[] {
  if (!text.includes('cloud-init')) return [];
  return [...text.matchAll(part)].flatMap(({ index, 0: tag }) => {
    if (tag.endsWith('/>')) return [];
    const start = index + tag.length;
    const close = text.indexOf(`</${/^<([^\s>]+)/.exec(tag)?.[1] ?? ''}`, start);
    const end = close < 0 ? text.length : close;
    return holdsSecrets(text.slice(start, end)) ? [{ start, end }] : [];
  });
}
