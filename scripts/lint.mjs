/**
 * `npm run lint` first: the types of all files, and what eslint says of them. Both ask one program of the TypeScript
 * compiler: making it a second time takes as long as the tests of a folder.
 */
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root } from './bundling.mjs';

/** All files of tsconfig.json, which are all that eslint looks at. */
function programOfAll() {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
}

/** What tsc would print; nothing where all types fit. @param {ts.Program} program */
function typeErrors(program) {
  const format = process.stdout.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;
  return format(ts.getPreEmitDiagnostics(program), {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (file) => file,
    getNewLine: () => '\n',
  });
}

/** What eslint would print. @param {ts.Program} program */
async function findings(program) {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions } } });
  const results = await eslint.lintFiles(['.']);
  const formatter = await eslint.loadFormatter('stylish');
  return await formatter.format(results);
}

const program = programOfAll();
const said = [typeErrors(program), await findings(program)].filter((text) => text !== '');
for (const text of said) console.log(text);
process.exitCode = said.length === 0 ? 0 : 1;
