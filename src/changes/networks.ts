/** What a build changes for each network: a script, an anchor of pf and settings of dnsmasq, which count from its next start on. */
import { becomes, fateOf, pairsOf, type Change, type Fate } from './fate.ts';

/** What is known of a network before or after. */
export interface NetworkFacts {
  /** What it is on its host, by what people call it: `bridge`. */
  readonly facts: ReadonlyMap<string, string>;
  /** The text of each file that the build changes, by its path in the folder of the network. */
  readonly files: ReadonlyMap<string, string>;
}

/** What becomes of one network; `needs-restart` is a restart of the network. */
export interface NetworkChange extends Fate {
  readonly network: string;
}

/** Compares networks by name. */
export function compareNetworks(
  before: ReadonlyMap<string, NetworkFacts>,
  after: ReadonlyMap<string, NetworkFacts>,
): readonly NetworkChange[] {
  return pairsOf(before, after).map(({ key, old, fresh }) => ({
    network: key,
    ...fateOf(old, fresh, changesOf(old, fresh)),
  }));
}

function changesOf(old: NetworkFacts | undefined, fresh: NetworkFacts | undefined): readonly Change[] {
  if (old === undefined) {
    const bridge = fresh?.facts.get('bridge') ?? '';
    return [{ sign: '+', degree: 'host-only', text: `a new network, on bridge ${bridge}` }];
  }
  if (fresh !== undefined) return compare(old, fresh);
  return [{ sign: '-', degree: 'host-only', text: 'the network goes; on the host it stays up until it is stopped' }];
}

function compare(old: NetworkFacts, fresh: NetworkFacts): readonly Change[] {
  const facts = keysOf(old.facts, fresh.facts).flatMap((what): readonly Change[] => {
    const [was, is] = [old.facts.get(what) ?? '', fresh.facts.get(what) ?? ''];
    if (was === is) return [];
    return [{ sign: '~', degree: 'needs-restart', text: becomes(what, was, is) }];
  });
  const files = keysOf(old.files, fresh.files);
  const settings = files
    .filter((file) => file.endsWith('.conf'))
    .flatMap((file) => changedLines(file, linesIn(old.files.get(file)), linesIn(fresh.files.get(file))));
  const told = [...facts, ...settings];
  if (told.length > 0 || files.length === 0) return told;
  // Addresses, routes and the MTU stand in the script alone. A comment names the document and the host.
  const isOther = files.some((file) => isOtherProgram(old.files.get(file), fresh.files.get(file)));
  if (isOther) return [{ sign: '~', degree: 'needs-restart', text: 'its script changes' }];
  return [{ sign: '~', degree: 'host-only', text: 'its generated files change' }];
}

function isOtherProgram(was: string | undefined, is: string | undefined): boolean {
  return linesIn(was).join('\n') !== linesIn(is).join('\n');
}

function keysOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])];
}

/** Lines of a file of settings that go, and those that come. */
function changedLines(file: string, was: readonly string[], is: readonly string[]): readonly Change[] {
  const [old, fresh] = [new Set(was), new Set(is)];
  const line = (sign: '+' | '-', text: string): Change => ({ sign, degree: 'needs-restart', text: `${file}: ${text}` });
  return [
    ...was.filter((one) => !fresh.has(one)).map((one) => line('-', one)),
    ...is.filter((one) => !old.has(one)).map((one) => line('+', one)),
  ];
}

/** Those that say something. */
function linesIn(text = ''): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
