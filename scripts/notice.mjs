/**
 * `npm run notice` writes NOTICE: the licences of the packages that are in dist, found by what the bundler took from
 * node_modules. A text that several packages share stands once.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, program } from './bundle.mjs';
import { root } from './bundling.mjs';

/** Packages that a plugin of ours reads, so that the bundler does not know of them. */
const readByPlugins = ['xmllint-wasm'];

const musl = `Copyright 2005-2020 Rich Felker, et al.

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What is inside the WebAssembly of xmllint-wasm beside libxml2. */
const insideWasm = [
  { names: ['the C library musl, in xmllint.wasm'], text: musl },
  {
    names: ['the runtime of Emscripten, in xmllint.wasm'],
    text: musl.replace(/^.*\n/, 'Copyright (c) 2010-2014 Emscripten authors, see its AUTHORS file.\n'),
  },
];

/** The licence file of a package. @param {string} name */
function licenceOf(name) {
  const folder = path.join(root, 'node_modules', name);
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  return readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').replaceAll('\t', '    ').trim();
}

/** Name and version of a package. @param {string} name */
function titleOf(name) {
  /** @type {{ version: string, license: string }} */
  const { version, license } = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})`;
}

/** The packages of which something is in dist. @returns {Promise<readonly string[]>} */
async function bundledPackages() {
  const { metafile } = await bundle('dist', program, true);
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const names = inputs.flatMap(([file, { bytesInOutput }]) => {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
    return found === undefined || bytesInOutput === 0 ? [] : [found];
  });
  return [...new Set([...names, ...readByPlugins])].toSorted();
}

/** The text of NOTICE. */
export async function noticeText() {
  const packages = await bundledPackages();
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const name of packages) {
    const text = licenceOf(name);
    byText.set(text, [...(byText.get(text) ?? []), titleOf(name)]);
  }
  const parts = [...[...byText].map(([text, names]) => ({ names, text })), ...insideWasm];
  const rule = '='.repeat(80);
  const sections = parts.map(({ names, text }) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text}\n`);
  const opening =
    'bhyvec is under the licence in LICENSE. Its dist folder contains the software below, under these licences.';
  return `${opening}\n\n${sections.join('\n')}`.replaceAll(/[ ]+$/gm, '');
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(path.join(root, 'NOTICE'), await noticeText());
  if (!existsSync(path.join(root, 'LICENSE'))) throw new Error('there is no LICENSE');
}
