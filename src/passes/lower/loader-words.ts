/**
 * `<bootloader_args>` of bhyveload and grub-bhyve: they replace all words of the loader, so what is missing in them, or
 * contradicts the guest, keeps it from starting (bhyveload(8); grub-bhyve(8)). Reports: BV1842 to BV1853, BV1855, BV1856.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import { getopt, type Found } from '../../ir/command-line/getopt.ts';
import { loaderBytes, loaderDefaultMib, loaderOf, type LoaderProgram } from '../../ir/command-line/loaders.ts';
import type { Machine } from '../../ir/machine.ts';
import type { Context } from '../context.ts';

type FoundOption = Found & { readonly kind: 'option' };

/** Arguments that were understood. */
interface Words {
  readonly loader: LoaderProgram;
  readonly found: readonly Found[];
  /** The last of each option, as the loaders take them. */
  readonly option: (letter: string) => FoundOption | null;
  /** All arguments, for what is not there. */
  readonly at: Span;
}

const blanks = /[ \t\r\n]+/;

/** Cuts arguments at the blanks of XML; there is no quoting. libvirt cuts at each single space. */
export function splitArguments({ value, at }: Located<string>, { dialect }: Context): readonly Located<string>[] {
  const separator = dialect.ours('loader-raw-arguments') ? blanks : ' ';
  // Where the text stands in the document as it is, without entities, each word has a place of its own.
  const isPlain = at.source.text.slice(at.start, at.end) === value;
  const words: Located<string>[] = [];
  let start = 0;
  for (const word of value.split(separator)) {
    const from = value.indexOf(word, start);
    start = from + word.length;
    const place = isPlain && word !== '' ? { ...at, start: at.start + from, end: at.start + start } : at;
    if (word !== '' || !dialect.ours('loader-raw-arguments')) words.push({ value: word, at: place });
  }
  return words;
}

/** Compares what the user's own arguments of a loader say with the guest. */
export function checkLoaderWords(machine: Machine, written: Located<string> | null, context: Context): void {
  const { loader } = machine;
  if (loader.kind !== 'custom' || written === null || !context.dialect.ours('loader-own-arguments')) return;
  const program = loaderOf(loader.program);
  if (program === null) return;
  const found = getopt(splitArguments(written, context), program.syntax);
  const option = (letter: string): FoundOption | null =>
    found.findLast((one): one is FoundOption => one.kind === 'option' && one.letter === letter) ?? null;
  const words: Words = { loader: program, found, option, at: written.at };
  // Where an option is not understood, what follows it may be its value: the rest is not judged.
  if (reportUnreadable(words, context) || reportAlone(words, context)) return;
  checkName(machine, words, context);
  checkMemory(machine, words, context);
  checkWired(machine, words, context);
  checkMedium(words, context);
}

function reportUnreadable({ loader, found }: Words, { reporter }: Context): boolean {
  const program = loader.name;
  let isUnreadable = false;
  for (const item of found) {
    if (item.kind === 'unknown' || item.kind === 'lone') {
      const option = item.kind === 'unknown' && item.letter.length > 1 ? `--${item.letter}` : `-${item.letter}`;
      reporter.report(item.kind === 'unknown' ? 'BV1850' : 'BV1851', item.word.at, { program, option });
      isUnreadable = true;
    } else if (item.kind === 'option' && loader.other.has(item.letter) && item.argument === null) {
      const [word] = item.words;
      const does = loader.other.get(item.letter) ?? '';
      if (word !== undefined) reporter.report('BV1853', word.at, { option: word.value, program, does });
    }
  }
  return isUnreadable;
}

/** The options that `<b:grub>` has an attribute for. */
const ownAttributes = new Map([
  ['r', 'root'],
  ['d', 'directory'],
  ['c', 'console'],
]);

/** Words that are meant to come to those that bhyvec makes: they are all that grub-bhyve is given. */
function reportAlone({ loader, found, at }: Words, { reporter }: Context): boolean {
  const named = found.flatMap((item) => {
    const attribute = item.kind === 'option' ? ownAttributes.get(item.letter) : undefined;
    return attribute === undefined || item.kind !== 'option' ? [] : [`${attribute}='${item.argument?.value ?? ''}'`];
  });
  if (loader.name !== 'grub-bhyve' || named.length === 0 || named.length < found.length) return false;
  reporter.report('BV1856', at, { attributes: named.join(' '), uri: 'https://bhyvec.org/xmlns/domain/1.0' });
  return true;
}

function checkName({ name }: Machine, { loader, found, at }: Words, { reporter }: Context): void {
  const program = loader.name;
  const operands = found.flatMap((item) => (item.kind === 'operand' ? [item.word] : []));
  const ending = operands.findIndex(({ value }) => value === '--');
  const [first, second] = operands.filter((_, i) => i !== ending);
  if (first === undefined) {
    reporter.report('BV1842', at, { program, name: name.value });
  } else if (second !== undefined) {
    reporter.report('BV1852', second.at, { program, word: second.value, first: first.value });
  } else if (first.value !== name.value) {
    const notes = [{ span: name.at, text: 'the name of the guest' }];
    reporter.report('BV1843', first.at, { program, word: first.value, name: name.value }, { notes });
  }
}

function checkMemory({ memory }: Machine, { loader, option, at }: Words, { reporter }: Context): void {
  const program = loader.name;
  const cure = `-${loader.memory} ${String(memory.mib)}M`;
  const mib = String(memory.mib);
  const size = option(loader.memory)?.argument ?? null;
  const notes = [{ span: memory.origins[0], text: 'the memory of the guest' }];
  if (size === null) {
    if (memory.mib !== loaderDefaultMib)
      reporter.report('BV1845', at, { program, default: String(loaderDefaultMib), mib, cure }, { notes });
    return;
  }
  const bytes = loaderBytes(size.value);
  if (bytes === null) reporter.report('BV1846', size.at, { program, size: size.value, cure });
  else if (bytes !== memory.mib << 20n)
    reporter.report('BV1844', size.at, { program, size: size.value, mib, cure }, { notes });
}

/** bhyve takes over the memory that the loader has filled, and finds it wired or not: the two have to agree. */
function checkWired({ memory, raw }: Machine, { loader, option, at }: Words, { reporter }: Context): void {
  const program = loader.name;
  const byWord = raw.find(({ entries }) => entries?.some(({ key }) => key === 'memory.wired'))?.words[0]?.origins[0];
  const wiredBy = memory.wired ? memory.wiredOrigins[0] : byWord;
  const word = option('S')?.words[0] ?? null;
  if (wiredBy !== undefined && word === null) {
    const notes = [{ span: wiredBy, text: 'this wires the memory of the guest' }];
    reporter.report('BV1847', at, { program }, { notes });
  } else if (wiredBy === undefined && word !== null) {
    reporter.report('BV1848', word.at, { program });
  }
}

/** Something that the loader can read the guest's kernel from. */
function checkMedium({ loader, option, at }: Words, { reporter }: Context): void {
  if (loader.name === 'bhyveload') {
    if (option('d') === null && option('h') === null) reporter.report('BV1855', at, {});
    return;
  }
  const root = option('r')?.argument ?? null;
  if (root !== null && root.value !== 'host' && option('m') === null)
    reporter.report('BV1849', root.at, { root: root.value });
}
