/** One call of esbuild as build, NOTICE and tests want it: in memory, with the list of what went in. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { constants, esbuildPlugins, root } from './bundling.mjs';

const source = path.join(root, 'src');

/** What `bhyvec` has loaded before it loads anything else, and small modules that nearly all commands want. */
const core = [
  'src/cli/program.ts',
  'src/cli/run-program.ts',
  ...['file-problems', 'processes', 'regular-file', 'trouble'].map((name) => `src/system/${name}.ts`),
  ...[
    ...['diagnostics/json', 'diagnostics/catalogue/stages', 'documents/inputs', 'frontend/xmllint/batch'],
    ...['project/fields', 'project/project'],
  ].map((name) => `src/${name}.ts`),
];

/** The supervisor's own program loads it, too, and has nothing of the core. */
const notAfterCore = path.join(source, 'cli/supervise/run.ts');

/** The files that `bhyvec` loads only when they are needed. */
async function lazyFiles() {
  const names = (await readdir(source, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const found = names.map(async (name) => {
    const text = await readFile(path.join(source, name), 'utf8');
    const lazy = text.matchAll(/\bimport\('(\.[^']+)'\)/g);
    return [...lazy].map(([, target = '']) => path.resolve(source, path.dirname(name), target));
  });
  return new Set((await Promise.all(found)).flat().filter((file) => file !== notAfterCore));
}

/**
 * esbuild makes a chunk of what the same set of entry points and lazily loaded files has in common. Each of these is told
 * to import the core, which is there already: so the core is one file, and not one for each set that shares a part of it.
 * @returns {Promise<import('esbuild').Plugin>}
 */
async function corePlugin() {
  const lazy = await lazyFiles();
  const imports = core.map((file) => `\nimport ${JSON.stringify(path.join(root, file))};`).join('');
  return {
    name: 'bhyvec-core',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (!lazy.has(file)) return undefined;
        const contents = `${await readFile(file, 'utf8')}${imports}`;
        return { contents, loader: 'ts', resolveDir: path.dirname(file) };
      });
    },
  };
}

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
    plugins: [...(entryPoints === program ? [await corePlugin()] : []), ...(await esbuildPlugins())],
  });
}

/** The entry points: the program, its supervisor alone, and the compiler for other programs. */
export const program = {
  bhyvec: 'src/cli/main.ts',
  'bhyvec-supervisor': 'src/cli/supervise/main.ts',
  compiler: 'src/index.ts',
};
