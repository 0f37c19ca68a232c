/**
 * A grammar of the lines that anchors of networks have, after pf.conf(5), "GRAMMAR": tables, translation, redirection and
 * block rules. It takes the text apart by itself, and knows nothing of who writes it.
 */
import { parseIp } from '../../src/ir/network/ip.ts';

/** The tokens of a line: names in quotes are one, signs stand alone. */
function tokensOf(line: string): readonly string[] {
  return line.match(/"[^"]*"|[{}(),!]|<[^>]*>|->|[^\s{}(),!<>"]+/g) ?? [];
}

/** What is wrong with an anchor, line by line; order counts, as with require-order. */
export function pfFaults(text: string): readonly string[] {
  const order = ['table', 'nat', 'rdr', 'block'];
  let reached = 0;
  const tables = new Set<string>();
  return text.split('\n').flatMap((line, i) => {
    if (line === '' || line.startsWith('#')) return [];
    const tokens = [...tokensOf(line)];
    const rank = order.indexOf(tokens[0] ?? '');
    const faults: string[] = [];
    if (rank < 0) faults.push('begins with no rule');
    // nat and rdr are translation both.
    if (Math.max(rank, 1) < reached) faults.push('stands behind what has to follow it');
    reached = Math.max(reached, rank === 2 ? 1 : rank);
    if (tokens[0] === 'table') tables.add(tokens[1] ?? '');
    for (const table of line.match(/<[^>]*>/g) ?? []) if (!tables.has(table)) faults.push(`no table ${table}`);
    try {
      parse(tokens);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
    return faults.map((fault) => `${String(i + 1)}: ${fault}: ${line}`);
  });
}

function parse(all: readonly string[]): void {
  const tokens = [...all];
  const next = (): string => tokens.shift() ?? '';
  const want = (...words: readonly string[]): string => {
    const found = next();
    if (!words.includes(found)) throw new Error(`${words.join(' or ')} is wanted, not ${found}`);
    return found;
  };
  const has = (word: string): boolean => {
    if (tokens[0] !== word) return false;
    next();
    return true;
  };
  const matches = (what: string, pattern: RegExp): string => {
    const found = next();
    if (!pattern.test(found)) throw new Error(`${what} is wanted, not ${found}`);
    return found;
  };
  const device = (): string => matches('an interface', /^(?:"[A-Za-z][\w.-]{0,14}"|\$uplink)$/);
  const address = (): void => {
    const found = next();
    const [host = '', prefix] = found.split('/');
    const ip = parseIp(host);
    const most = ip?.family === 'inet' ? 32 : 128;
    if (ip === null || (prefix !== undefined && !(Number(prefix) >= 1 && Number(prefix) <= most)))
      throw new Error(`an address is wanted, not ${found}`);
  };
  const list = (item: () => void): void => {
    want('{');
    item();
    while (has(',')) item();
    want('}');
  };
  const host = (): void => {
    has('!');
    if (tokens[0]?.startsWith('<') === true) next();
    else if (!has('any')) address();
  };
  const end = (): void => {
    if (tokens.length > 0) throw new Error(`nothing is wanted, not ${tokens.join(' ')}`);
  };
  const dynamic = (): void => {
    want('(');
    matches('an interface', /^(?:[A-Za-z][\w.-]{0,14}|\$uplink)(?::0)?$/);
    want(')');
  };
  switch (next()) {
    case 'table':
      matches('a table', /^<[a-z]{1,31}>$/);
      want('const');
      list(() => {
        if (has('self')) return;
        has('!');
        address();
      });
      break;
    case 'nat':
      want('on');
      device();
      want('inet', 'inet6');
      want('from');
      host();
      want('to');
      host();
      want('->');
      if (tokens[0] === '(') dynamic();
      else if (tokens[0] === '{') list(address);
      else address();
      want('port');
      matches('a range of ports', /^\d{1,5}:\d{1,5}$/);
      has('round-robin');
      break;
    case 'rdr':
      want('pass');
      want('on');
      device();
      want('inet', 'inet6');
      want('proto');
      want('tcp', 'udp');
      want('from');
      host();
      want('to');
      dynamic();
      want('port');
      matches('a port', /^\d{1,5}$/);
      want('->');
      address();
      want('port');
      matches('a port', /^\d{1,5}$/);
      break;
    default:
      want('drop');
      want('in', 'out');
      want('quick');
      want('on');
      has('!');
      device();
      want('inet', 'inet6');
      want('from');
      host();
      want('to');
      host();
  }
  end();
}
