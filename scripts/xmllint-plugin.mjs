/**
 * xmllint-wasm without its Worker. The package holds an emscripten factory with a worker's code behind it, and the
 * WebAssembly file. `generateFactory` cuts out the factory as src/frontend/xmllint/factory.gen.mjs (called by
 * generate-schema.mjs, so for the build and for the tests alike). `xmllintPlugin` is for esbuild: it puts xmllint.wasm
 * beside a bundle that holds the factory: `plugins: [xmllintPlugin(), ...]`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'node_modules/xmllint-wasm');
const factory = path.join(root, 'src/frontend/xmllint/factory.gen.mjs');

/** The WebAssembly file of the package. */
export const wasmFile = path.join(folder, 'xmllint.wasm');

/** The host's things that the factory would look for; without them it touches no file, process or page. */
const hidden = ['process', 'require', 'module', 'exports', 'define', '__filename', '__dirname'];
const hiddenOfBrowsers = ['document', 'window', 'self', 'WorkerGlobalScope'];

/** Where the worker's code begins. */
const marker = ';(function initWorker()';

/** Writes the factory as a module, unless it is there already. */
export async function generateFactory() {
  const source = await readFile(path.join(folder, 'xmllint-node.js'), 'utf8');
  const end = source.indexOf(marker);
  if (end < 0 || source.indexOf(marker, end + 1) >= 0) throw new Error('xmllint-wasm has another shape than expected');
  const code = [
    '// @ts-nocheck: made by scripts/xmllint-plugin.mjs from xmllint-wasm (MIT), see NOTICE',
    `let ${[...hidden, ...hiddenOfBrowsers].join(', ')};`,
    source.slice(0, end),
    'export { Module as createModule };',
    '',
  ].join('\n');
  const old = await readFile(factory, 'utf8').catch(() => null);
  if (old !== code) await writeFile(factory, code);
}

/** Puts xmllint.wasm beside each bundle with the factory in it. @returns {import('esbuild').Plugin} */
export function xmllintPlugin() {
  return {
    name: 'bhyvec-xmllint',
    setup(build) {
      let isUsed = false;
      build.onStart(() => {
        isUsed = false;
      });
      build.onLoad({ filter: /[/\\]xmllint[/\\]factory\.gen\.mjs$/ }, () => {
        isUsed = true;
        return undefined;
      });
      build.onEnd(async (result) => {
        const { outdir } = build.initialOptions;
        if (!isUsed || outdir === undefined) return;
        const target = path.resolve(build.initialOptions.absWorkingDir ?? root, outdir, 'xmllint.wasm');
        const contents = await readFile(wasmFile);
        if (result.outputFiles === undefined) await writeFile(target, contents);
        else result.outputFiles.push({ path: target, contents, hash: '', text: '' });
      });
    },
  };
}
