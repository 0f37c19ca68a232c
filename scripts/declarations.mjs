/**
 * The types of the package: the declarations of src/index.ts and of all modules that it names, as tsc writes them. What only
 * the implementation needs is left out.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './bundling.mjs';

/** Imports as every resolver of modules finds them. @param {string} text */
function withJs(text) {
  return text.replaceAll(/(['"]\.{1,2}\/[^'"\n]+)\.ts(?=['"])/g, '$1.js');
}

/** The declarations by their path below the folder of the types. @param {string} entry @returns {ReadonlyMap<string, string>} */
function emitAll(entry) {
  const configFile = path.join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(configFile, (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([entry, path.join(root, 'src/ambient.d.ts')], {
    ...options,
    noEmit: false,
    // `npm run types` checks.
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: path.join(root, 'src'),
    outDir: '/',
  });
  /** @type {Map<string, string>} */
  const files = new Map();
  const { diagnostics } = program.emit(undefined, (file, text) => files.set(file.slice(1), withJs(text)));
  const [first] = diagnostics;
  if (first !== undefined) throw new Error(ts.flattenDiagnosticMessageText(first.messageText, '\n'));
  return files;
}

/**
 * The files below the folder of the types, in no order.
 * @returns {readonly { readonly path: string, readonly text: string }[]}
 */
export function declarations() {
  const entry = path.join(root, 'src/index.ts');
  if (!existsSync(entry)) return [];
  const all = emitAll(entry);
  const wanted = ['index.d.ts'];
  // It grows while it is walked.
  for (const file of wanted) {
    const text = all.get(file);
    if (text === undefined) throw new Error(`${file}: the types of the package need it, and tsc has not written it`);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.')) throw new Error(`${file}: a user of the package does not have ${fileName}`);
      const target = path.posix.join(path.posix.dirname(file), fileName).replace(/\.js$/, '.d.ts');
      if (!wanted.includes(target)) wanted.push(target);
    }
  }
  return wanted.map((file) => ({ path: file, text: all.get(file) ?? '' }));
}
