/**
 * xmllint of libxml2 in this process: the verdict of the grammar by somebody else's program. Each run has an instance
 * and a memory of its own, made from the one compiled module, so nothing is carried over. It sees only the files we
 * pass and has no process to set the exit status of. Needs: documents that our parser found no fault with.
 */
import { InvariantError } from '../../diagnostics/invariant.ts';
import { batch } from './batch.ts';
import { createModule } from './factory.gen.mjs';

/** Validates documents by the grammar. */
export interface Xmllint {
  /** One verdict for each document, in their order. */
  verdicts(documents: readonly string[]): Promise<readonly boolean[]>;
}

/** What the driver needs. */
export interface XmllintParts {
  /** The text of the grammar in one piece. */
  readonly grammar: string;
  /** Gives the bytes of xmllint.wasm; asked for once, when the first document comes. */
  readonly readWasm: () => Promise<Uint8Array> | Uint8Array;
}

/** What one run left. */
interface Outcome {
  readonly status: number;
  readonly lines: readonly string[];
}

/** Pages of 64 KiB: enough for a document of 4 MiB, which takes some 30 times its size. */
const memory = { initial: 256, maximum: 8192 };

/** Exit statuses of xmllint: valid, and the two for documents that are not. */
const isValid = 0;
const isInvalid = [3, 4];

/** Makes a driver; nothing is loaded before it is used. */
export function createXmllint(parts: XmllintParts): Xmllint {
  let compiled: Promise<WebAssembly.Module> | null = null;
  const run = async (documents: readonly string[]): Promise<Outcome> => {
    compiled ??= Promise.resolve(parts.readWasm()).then((bytes) => WebAssembly.compile(bytes));
    return await runXmllint(await compiled, parts.grammar, documents);
  };
  /** The exit status is beyond doubt, but tells of one document only. */
  const single = async (document: string): Promise<boolean> => {
    const { status, lines } = await run([document]);
    if (status === isValid) return true;
    if (isInvalid.includes(status)) return false;
    throw new InvariantError(`xmllint ended with status ${String(status)}: ${lines.slice(-3).join(' ')}`);
  };
  const several = async (documents: readonly string[]): Promise<readonly boolean[]> => {
    const found = documents.length === 1 ? null : readVerdicts((await run(documents)).lines, documents.length);
    if (found !== null) return found;
    const verdicts: boolean[] = [];
    for (const document of documents) verdicts.push(await single(document));
    return verdicts;
  };
  return {
    async verdicts(documents) {
      const verdicts: boolean[] = [];
      for (const part of batches(documents)) verdicts.push(...(await several(part)));
      return verdicts;
    },
  };
}

/**
 * The verdicts in xmllint's output: one line for each document. Messages quote the document and so may hold such lines
 * too; where there is not exactly one line for each document the output is not trusted, and null is given.
 */
export function readVerdicts(lines: readonly string[], count: number): readonly boolean[] | null {
  const found = new Map<number, boolean>();
  for (const line of lines) {
    const match = /^d(\d+)\.xml (validates|fails to validate)$/.exec(line);
    if (match === null) continue;
    const index = Number(match[1]);
    if (index >= count || found.has(index)) return null;
    found.set(index, match[2] === 'validates');
  }
  const verdicts = Array.from({ length: count }, (_, i) => found.get(i));
  const known = verdicts.filter((verdict) => verdict !== undefined);
  return known.length === count ? known : null;
}

function batches(documents: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let room = { documents: 0, characters: 0 };
  for (const document of documents) {
    if (room.documents < 1 || room.characters < document.length) {
      parts.push([]);
      room = { ...batch };
    }
    parts.at(-1)?.push(document);
    room = { documents: room.documents - 1, characters: room.characters - document.length };
  }
  return parts;
}

async function runXmllint(module: WebAssembly.Module, grammar: string, documents: readonly string[]): Promise<Outcome> {
  const files = documents.map((contents, i) => ({ fileName: `d${String(i)}.xml`, contents: withoutMark(contents) }));
  const lines: string[] = [];
  return await new Promise<Outcome>((resolve, reject) => {
    createModule({
      inputFiles: [{ fileName: 'grammar.rng', contents: grammar }, ...files],
      arguments: ['--noout', '--nonet', '--relaxng', 'grammar.rng', ...files.map(({ fileName }) => fileName)],
      wasmMemory: new WebAssembly.Memory(memory),
      print: () => undefined,
      printErr: (line) => lines.push(...line.split('\n')),
      onExit: (status) => {
        resolve({ status, lines });
      },
      onAbort: (reason) => {
        reject(new InvariantError(`xmllint was aborted: ${String(reason)}`));
      },
      instantiateWasm: (imports, receive) => {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance, module);
        return instance.exports;
      },
    }).catch(reject);
  });
}

/** The text is passed on as UTF-8, whatever its declaration says of the file that it was read from. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/^<\?xml\s[^?]*\?>/, (declaration) => ' '.repeat(declaration.length));
}
