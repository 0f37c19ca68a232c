/** What the system says of a file, as a sentence for people; and the trouble that ends a supervisor before it begins. */

/** The supervisor cannot begin, or has to end: the message says why and what to do. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** errno(2) in words, for whatever of the system refuses something. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTEMPTY: 'the directory is not empty',
  EEXIST: 'is there already',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'no such device',
  EXDEV: 'is on another file system than the folder',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on the host',
  EIO: 'input/output error',
  ENOSPC: 'no space left on the file system',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EAGAIN: 'too many processes',
  ENOMEM: 'not enough memory',
};

/** The code of an error of the system, such as `ENOENT`; null for any other error. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Why something failed, without the path. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code !== null && Object.hasOwn(words, code)) return words[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}
