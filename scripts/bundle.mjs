/** One call of esbuild as build, NOTICE and tests want it: in memory, with the list of what went in. */
import path from 'node:path';
import { build } from 'esbuild';
import { constants, esbuildPlugins, root } from './bundling.mjs';

/**
 * Bundles entry points for a folder.
 * @param {string} folder
 * @param {Record<string, string>} entryPoints
 * @param {boolean} minify
 */
export async function bundle(folder, entryPoints, minify) {
  return await build({
    absWorkingDir: root,
    entryPoints,
    outdir: path.join(root, folder),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    splitting: true,
    // All beside each other, so that `new URL(name, import.meta.url)` means the same in every chunk.
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    minify,
    legalComments: minify ? 'linked' : 'none',
    define: await constants('./xmllint.wasm'),
    plugins: await esbuildPlugins(),
  });
}

/** The entry points: the program, its supervisor alone, and the compiler for other programs. */
export const program = {
  bhyvec: 'src/cli/main.ts',
  'bhyvec-supervisor': 'src/cli/supervise/main.ts',
  compiler: 'src/index.ts',
};
