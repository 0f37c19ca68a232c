/**
 * What bundler and test runner must agree on: which files are read as text, how templates are precompiled, where the
 * explain pages come from. `modules` is the one list; the two functions below it put it into esbuild and into vite.
 */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Handlebars from 'handlebars';

/** The root of the checkout. */
export const root = path.resolve(import.meta.dirname, '..');

const explainFolder = path.join(root, 'src/diagnostics/explain');
const helperList = path.join(root, 'templates/helpers.json');

/** A module whose default export is the given value. @param {unknown} value */
const exporting = (value) => `export default ${JSON.stringify(value)};`;

/** The names in templates/helpers.json: the only helpers that a template may call. */
async function knownHelpers() {
  /** @type {unknown} */
  const names = existsSync(helperList) ? JSON.parse(await readFile(helperList, 'utf8')) : [];
  if (!Array.isArray(names)) throw new Error(`${helperList} is not a list of names`);
  return Object.fromEntries(names.map((name) => [String(name), true]));
}

/** Precompiles one template, so that dist needs the Handlebars runtime only. @param {string} file */
async function template(file) {
  const options = { strict: true, knownHelpersOnly: true, noEscape: true, preventIndent: true };
  const text = await readFile(file, 'utf8');
  /** @type {unknown} */
  const code = Handlebars.precompile(text, { ...options, knownHelpers: await knownHelpers() });
  return `export default ${String(code)};`;
}

/** All explain pages as one map from code to page. */
async function explainPages() {
  const names = existsSync(explainFolder) ? await readdir(explainFolder) : [];
  const pages = names.filter((name) => /^BV\d{4}\.md$/.test(name)).toSorted();
  const texts = await Promise.all(pages.map((name) => readFile(path.join(explainFolder, name), 'utf8')));
  return exporting(Object.fromEntries(pages.map((name, i) => [path.basename(name, '.md'), texts[i]])));
}

/**
 * The modules that are not plain JavaScript or TypeScript: the end of their name, and what makes their code.
 * @type {readonly { pattern: RegExp, load: (file: string) => Promise<string> }[]}
 */
const modules = [
  { pattern: /\.hbs$/, load: template },
  { pattern: /\.(?:md|rng|sh)$/, load: async (file) => exporting(await readFile(file, 'utf8')) },
];

/** Modules that no file holds: their name, and what makes their code. @type {Readonly<Record<string, () => Promise<string>>>} */
const virtualModules = { 'bhyvec:explain-pages': explainPages };

/** Our sources use the runtime of Handlebars under its full name, whose types are the ones that exist. */
const handlebarsRuntime = path.join(root, 'node_modules/handlebars/runtime.js');

/** @param {string | undefined} importer */
const isOurs = (importer) => importer?.startsWith(path.join(root, 'src') + path.sep) ?? false;

/** xmllint.wasm as the package has it, for tests. */
export const packagedWasm = pathToFileURL(path.join(root, 'node_modules/xmllint-wasm/xmllint.wasm')).href;

/** The constants of the build: the version from package.json, and the URL of xmllint.wasm. @param {string} wasm */
export async function constants(wasm) {
  /** @type {{ version: string }} */
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  return { BHYVEC_VERSION: JSON.stringify(manifest.version), XMLLINT_WASM: JSON.stringify(wasm) };
}

/** The further plugin that puts xmllint into the bundle. @returns {Promise<import('esbuild').Plugin[]>} */
async function xmllintPlugins() {
  const file = path.join(root, 'scripts/xmllint-plugin.mjs');
  if (!existsSync(file)) return [];
  /** @type {{ xmllintPlugin: () => import('esbuild').Plugin }} */
  const module = await import(pathToFileURL(file).href);
  return [module.xmllintPlugin()];
}

/** commander asks for this module at once, uses it for subcommands in programs of their own, and it is slow to load. */
const lazyChildProcess = `{ spawn: (...words) => process.getBuiltinModule('node:child_process').spawn(...words) }`;

/** The list as esbuild plugins. @returns {Promise<import('esbuild').Plugin[]>} */
export async function esbuildPlugins() {
  /** @type {import('esbuild').Plugin} */
  const ours = {
    name: 'bhyvec-modules',
    setup(build) {
      for (const { pattern, load } of modules)
        build.onLoad({ filter: pattern }, async ({ path: file }) => ({ contents: await load(file) }));
      // A text that is parsed when it is needed costs the start less than the same as an expression of JavaScript.
      build.onLoad({ filter: /\.gen\.json$/ }, async ({ path: file }) => ({
        contents: `export default JSON.parse(${JSON.stringify(await readFile(file, 'utf8'))});`,
      }));
      build.onResolve({ filter: /^bhyvec:/ }, ({ path: name }) => ({ path: name, namespace: 'bhyvec' }));
      build.onLoad({ filter: /.*/, namespace: 'bhyvec' }, async ({ path: name }) => {
        const load = virtualModules[name];
        return load === undefined ? { errors: [{ text: `no module ${name}` }] } : { contents: await load() };
      });
      build.onResolve({ filter: /^handlebars$/ }, ({ importer }) =>
        isOurs(importer) ? { path: handlebarsRuntime } : undefined,
      );
      // CommonJS packages say require('node:fs'); there is no `require` in an ES module.
      build.onResolve({ filter: /^node:/ }, ({ path: name, kind }) =>
        kind === 'require-call' ? { path: name, namespace: 'node-cjs' } : { path: name, external: true },
      );
      build.onLoad({ filter: /.*/, namespace: 'node-cjs' }, ({ path: name }) => ({
        contents: `module.exports = ${name === 'node:child_process' ? lazyChildProcess : `process.getBuiltinModule('${name}')`};`,
      }));
    },
  };
  return [...(await xmllintPlugins()), ours];
}

/** The list as a vite plugin. @returns {import('vite').Plugin} */
export function vitePlugin() {
  return {
    name: 'bhyvec-modules',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id in virtualModules) return `\0${id}`;
      return id === 'handlebars' && isOurs(importer) ? handlebarsRuntime : undefined;
    },
    async load(id) {
      const virtual = virtualModules[id.replace('\0', '')];
      if (virtual !== undefined) return await virtual();
      const file = id.replace(/\?.*$/, '');
      return await modules.find(({ pattern }) => pattern.test(file))?.load(file);
    },
  };
}

/** Brings the generated files up to date: the compiled schema. */
export async function generate() {
  const file = path.join(root, 'scripts/generate-schema.mjs');
  if (!existsSync(file)) return;
  /** @type {{ generate?: () => unknown }} */
  const module = await import(pathToFileURL(file).href);
  await module.generate?.();
}
