/** Quoting of one word for sh, as libvirt's virBufferEscapeShell does it: bare where that is safe, else single quotes. */

const special = /[\r\t\n !"#$&'()*;<>?[\\\]^`{|}~]/;

/** The word as sh has to see it. The word must not contain NUL; XML cannot. */
export function quoteWord(word: string): string {
  if (word === '') return "''";
  return special.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
}
