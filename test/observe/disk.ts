// A disk for tests: files in memory, which can be full, and can fail in the middle of a write.
import type { LogIo } from '../../src/consoles/log-io.ts';

export interface Disk {
  readonly io: LogIo;
  readonly files: Map<string, Buffer>;
  /** Null: all well. Otherwise each call that writes fails with this; `room` bytes are taken before. */
  problem: string | null;
  room: number;
  /** The most bytes that one write takes. */
  gulp: number;
  /** Text of a file, the oldest part first. */
  text: (path: string) => string;
}

export function createDisk(): Disk {
  const files = new Map<string, Buffer>();
  const disk: Disk = {
    files,
    problem: null,
    room: 0,
    gulp: Infinity,
    text: (path) => {
      const parts = [path, ...[0, 1, 2, 3, 4].map((n) => `${path}.${String(n)}`)];
      return Buffer.concat(parts.toReversed().map((name) => files.get(name) ?? Buffer.alloc(0))).toString('latin1');
    },
    io: {
      open: (path) => {
        if (disk.problem !== null && disk.room === 0) return Promise.reject(new Error(disk.problem));
        if (!files.has(path)) files.set(path, Buffer.alloc(0));
        return Promise.resolve({
          size: files.get(path)?.length ?? 0,
          write: (bytes) => {
            let taken = Math.min(bytes.length, disk.gulp);
            if (disk.problem !== null) {
              if (disk.room === 0) return Promise.reject(new Error(disk.problem));
              taken = Math.min(taken, disk.room);
              disk.room -= taken;
            }
            files.set(path, Buffer.concat([files.get(path) ?? Buffer.alloc(0), bytes.subarray(0, taken)]));
            return Promise.resolve(taken);
          },
          close: () => Promise.resolve(),
        });
      },
      exists: (path) => Promise.resolve(files.has(path)),
      rename: (from, to) => {
        const file = files.get(from);
        if (file === undefined || disk.problem !== null) return Promise.reject(new Error(disk.problem ?? `no ${from}`));
        files.set(to, file);
        files.delete(from);
        return Promise.resolve();
      },
      remove: (path) => Promise.resolve(void files.delete(path)),
      readEnd: (path, bytes) => Promise.resolve((files.get(path) ?? Buffer.alloc(0)).subarray(-bytes)),
    },
  };
  return disk;
}
