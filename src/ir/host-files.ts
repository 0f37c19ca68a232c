/** Files and directories of the host that a guest uses: what for, and in which way. */
export const purposes = [
  'disk',
  'cdrom',
  'firmware',
  'sound',
  'tpm',
  'console',
  'rom',
  'fwcfg',
  'passphrase',
  'kernel',
  'initrd',
] as const;

export const accesses = ['read', 'write'] as const;

/** A path as one word for all its spellings: without empty parts and `.`. What a link or `..` means nobody here knows. */
export function foldedPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
