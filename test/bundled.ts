/**
 * The program as the build makes it, bundled once for all tests: no test depends on a stale dist, and none bundles again.
 * vitest.config.ts has it as the global set-up.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { bundle, program } from '../scripts/bundle.mjs';
import { root } from '../scripts/bundling.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with what would be in dist. */
    readonly bundled: string;
  }
}

/** Before all tests; gives what removes the bundle after them. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-bundled-'));
  const { outputFiles } = await bundle('dist', program, true);
  for (const file of outputFiles) {
    const target = path.join(folder, path.relative(path.join(root, 'dist'), file.path));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.contents);
  }
  project.provide('bundled', folder);
  return () => {
    rmSync(folder, { recursive: true });
  };
}

/** Makes a folder with the program in `dist`, as a package has it; the test removes it. */
export async function folderWithProgram(): Promise<string> {
  const bundled = inject('bundled');
  const folder = await mkdtemp(path.join(tmpdir(), 'bhyvec-program-'));
  for (const entry of await readdir(bundled, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(folder, 'dist', path.relative(bundled, from));
    await mkdir(path.dirname(to), { recursive: true });
    await link(from, to);
  }
  return folder;
}
