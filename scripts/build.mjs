/**
 * Builds dist/: one bundle of ES modules, split where the command line imports lazily, with nothing left to install, and the
 * types of the compiler in dist/types.
 * Also builds dist-test/, the conformance runner, where its source is present. `--generate` stops after the generated
 * sources. The bundle is made in memory first, so that a dist in use is never without its files for long.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle, program } from './bundle.mjs';
import { generate, root } from './bundling.mjs';
import { declarations } from './declarations.mjs';

/**
 * Makes the folder hold exactly these files.
 * @param {string} folder
 * @param {readonly { readonly path: string, readonly contents: Uint8Array }[]} files
 */
async function replaceFolder(folder, files) {
  for (const file of files) {
    await mkdir(path.dirname(file.path), { recursive: true });
    await writeFile(file.path, file.contents);
  }
  const wanted = new Set(files.map((file) => file.path));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(file)) await rm(file, { force: true });
  }
}

/** Bundles the program and writes its types beside it. */
async function buildProgram() {
  const { outputFiles } = await bundle('dist', program, true);
  const types = declarations().map(({ path: file, text }) => {
    return { path: path.join(root, 'dist/types', file), contents: Buffer.from(text) };
  });
  await replaceFolder(path.join(root, 'dist'), [...outputFiles, ...types]);
  return outputFiles;
}

/** Bundles the conformance runner. @param {string} entry */
async function buildConformance(entry) {
  const { outputFiles } = await bundle('dist-test', { conformance: entry }, false);
  await replaceFolder(path.join(root, 'dist-test'), outputFiles);
  return outputFiles;
}

const started = performance.now();
await generate();
if (!process.argv.includes('--generate')) {
  const jobs = [buildProgram()];
  const conformance = 'test/conformance/main.ts';
  if (existsSync(path.join(root, conformance))) jobs.push(buildConformance(conformance));
  const [files = []] = await Promise.all(jobs);
  await chmod(path.join(root, 'dist/bhyvec.mjs'), 0o755);
  const bytes = files.reduce((sum, file) => sum + file.contents.length, 0);
  const seconds = (performance.now() - started) / 1000;
  console.log(`dist: ${String(files.length)} files, ${(bytes / 1e6).toFixed(2)} MB, ${seconds.toFixed(1)} s`);
}
