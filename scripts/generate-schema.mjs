/**
 * Makes what is derived from the grammar in src/frontend/schema: the compiled form (grammar.gen.json), the degrees
 * (degrees.gen.json) and one text for xmllint (domain.flat.gen.rng), all left out of the repository, and docs/domain-xml.md; also the factory that runs
 * xmllint. Files that would not change are left alone. Run it by itself, or call `generate`.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { generateFactory } from './xmllint-plugin.mjs';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'src/frontend/schema');

/** The generator, from its TypeScript. */
async function loadGenerator() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/frontend/relaxng/generate.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
  });
  const code = outputFiles[0]?.text ?? '';
  /** @type {typeof import('../src/frontend/relaxng/generate.ts')} */
  const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  return module;
}

/** @param {string} file @param {string} text */
async function writeIfChanged(file, text) {
  const old = await readFile(file, 'utf8').catch(() => null);
  if (old === text) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** The texts, without writing them. */
export async function generatedSchema() {
  const { generateSchema } = await loadGenerator();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.rng') && !name.includes('.gen.'));
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')]));
  return generateSchema('domain.rng', Object.fromEntries(texts));
}

/** Brings the generated files up to date. */
export async function generate() {
  await generateFactory();
  const { json, degrees, flat, markdown } = await generatedSchema();
  await writeIfChanged(path.join(folder, 'grammar.gen.json'), json);
  await writeIfChanged(path.join(folder, 'degrees.gen.json'), degrees);
  await writeIfChanged(path.join(folder, 'domain.flat.gen.rng'), flat);
  await writeIfChanged(path.join(root, 'docs/domain-xml.md'), markdown);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await generate();
