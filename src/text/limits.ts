/** The most bytes of what is read. Each limit stands here once, for who writes such a file, who reads it and who hands it on. */

const mebibyte = 1024 * 1024;

/** Of a document, and of the plan that is made of one. */
export const largestDocument = 4 * mebibyte;

/** Of any other file that bhyvec writes or takes: those of a build, the lock, what a document names. */
export const largestFile = 64 * mebibyte;

/** A limit in words: `4 MiB`. */
export function mebibytes(bytes: number): string {
  return `${String(bytes / mebibyte)} MiB`;
}
