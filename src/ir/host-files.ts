/** Files and directories of the host that a guest uses: what for, and in which way. */
export const purposes = ['disk', 'cdrom', 'firmware', 'sound', 'tpm', 'console', 'rom', 'fwcfg'] as const;

export const accesses = ['read', 'write'] as const;
