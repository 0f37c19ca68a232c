/** The few file operations that a log needs, so that tests can have a disk that is full. */
import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';

/** A file that is open for appending. */
export interface OpenLog {
  readonly size: number;
  /** Writes some of the bytes. @returns how many */
  write(bytes: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** File operations; each rejects with the system's error. */
export interface LogIo {
  /** Opens for appending, with mode 0600 where it is made. */
  open(path: string): Promise<OpenLog>;
  exists(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The last bytes of a file, all where it is shorter; none where there is no file. */
  readEnd(path: string, bytes: number): Promise<Uint8Array>;
}

/** Whether an error of the system has this name, such as ENOENT. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The real file system. A link in place of a log is not followed: others might have put it there. */
export const logIo: LogIo = {
  async open(path) {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(path, flags, 0o600);
    const { size } = await handle.stat();
    return {
      size,
      write: async (bytes) => (await handle.write(bytes)).bytesWritten,
      close: () => handle.close(),
    };
  },
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return false;
      throw error;
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async readEnd(path, bytes) {
    const handle = await open(path, 'r').catch((error: unknown) => {
      if (isErrno(error, 'ENOENT')) return null;
      throw error;
    });
    if (handle === null) return Buffer.alloc(0);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, bytes));
      let filled = 0;
      while (filled < buffer.length) {
        const at = size - buffer.length + filled;
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, at);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await handle.close();
    }
  },
};
