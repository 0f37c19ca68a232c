/** The options of bhyve(8) as keys of bhyve_config(5), those of PCI slots and of the LPC bridge apart. */
import type { ConfigEntry } from '../settings.ts';
import { readLpc } from './lpc.ts';
import { options } from './options.ts';
import { keys, wrong, type Reading, type Spelling } from './reading.ts';
import { readSlot } from './slots.ts';

const readers: ReadonlyMap<string, (text: string, spelling: Spelling) => Reading> = new Map<
  string,
  (text: string, spelling: Spelling) => Reading
>([
  ['c', readTopology],
  ['f', readFwcfgItem],
  ['G', readDebugServer],
  ['g', (text) => (/^\d+$/.test(text) ? keys(null) : wrong('it is a number of a TCP port'))],
  ['K', (text) => keys([{ key: 'keyboard.layout', value: text }])],
  ['k', () => keys(null)],
  ['l', (text, spelling) => (isHelp(text) ? { kind: 'ends' } : readLpc(text, spelling))],
  ['m', readSize],
  ['n', readNumaDomain],
  ['o', readKey],
  ['p', readPin],
  ['s', (text, spelling) => (isHelp(text) ? { kind: 'ends' } : readSlot(text, spelling))],
  ['U', readUuid],
]);

/** Reads one option: its letter, and its argument where it has one. */
export function readOption(letter: string, argument: string | null, spelling: Spelling): Reading {
  if (letter === 'h') return { kind: 'ends' };
  if (argument === null) {
    const sets = options.get(letter)?.sets ?? null;
    return keys(sets === null ? null : [sets]);
  }
  return readers.get(letter)?.(argument, spelling) ?? keys(null);
}

/** bhyve takes any beginning of `help` for it, the empty one too. */
function isHelp(text: string): boolean {
  return 'help'.startsWith(text);
}

const wholeNumber = /^\s*[+]?(?:0[xX][0-9A-Fa-f]+|\d+)$/;

function readTopology(text: string): Reading {
  if (text === '') return keys(['cpus', 'sockets', 'cores', 'threads'].map((key) => ({ key, value: '1' })));
  const entries: ConfigEntry[] = [];
  for (const piece of text.split(',')) {
    const [, key = 'cpus', value = ''] = /^(?:(cpus|sockets|cores|threads)=)?(.*)$/s.exec(piece) ?? [];
    const number = Number(value.trim());
    if (!wholeNumber.test(value) || number < 1 || number > 65_535) {
      return wrong('it is a number from 1 to 65535, or cpus=, sockets=, cores= and threads=');
    }
    entries.push({ key, value });
  }
  return keys(entries);
}

function readFwcfgItem(text: string): Reading {
  const match = /^(?:name=)?([^,]+),(?:string|file)=/s.exec(text);
  if (match === null) return wrong('it is name=NAME,string=VALUE or name=NAME,file=PATH');
  return (match[1] ?? '').length >= 56 ? wrong('the name of a fw_cfg item has at most 55 characters') : keys(null);
}

/** `[w][ADDRESS:]PORT` */
function readDebugServer(text: string): Reading {
  const [, waits = '', address = '', port = ''] = /^(w?)(?:(.*):)?(\d*)$/s.exec(text) ?? ['', '', '', 'none'];
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return wrong('it is [w][ADDRESS:]PORT');
  return keys([
    ...(waits === '' ? [] : [{ key: 'gdb.wait', value: 'true' }]),
    ...(address === '' ? [] : [{ key: 'gdb.address', value: address }]),
    { key: 'gdb.port', value: port },
  ]);
}

function readSize(text: string): Reading {
  return /^\s*(?:0[xX][0-9A-Fa-f]+|\d+)[KMGTkmgt]?[Bb]?$/.test(text)
    ? keys([{ key: 'memory.size', value: text }])
    : wrong('it is a number of MiB, or one with K, M, G or T');
}

function readNumaDomain(text: string): Reading {
  const pairs = text.split(',').map((piece) => /^(id|size|cpus|domain_policy)=(.+)$/s.exec(piece));
  const id = pairs.find((pair) => pair?.[1] === 'id')?.[2] ?? '';
  if (pairs.includes(null) || !/^[0-7]$/.test(id)) return wrong('it is id=N,size=SIZE,cpus=SET, with N from 0 to 7');
  return keys(
    pairs.flatMap((pair) => {
      const [, key = 'id', value = ''] = pair ?? [];
      return key === 'id' ? [] : [{ key: `domains.${id}.${key}`, value }];
    }),
  );
}

function readKey(text: string): Reading {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1) return wrong('it is KEY=VALUE, and neither is empty');
  const key = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (key === 'config.dump') return { kind: 'ends' };
  return keys([/(?:^|\.)password$/.test(key) ? { key, value, secret: true } : { key, value }]);
}

function readPin(text: string): Reading {
  const match = /^\s*(\d+):\s*(\d+)$/.exec(text);
  const [vcpu, hostcpu] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || vcpu > 65_535) return wrong('it is VCPU:HOSTCPU, one pair for each -p');
  return keys([{ key: `vcpu.${String(vcpu)}.cpuset`, value: String(hostcpu) }]);
}

function readUuid(text: string): Reading {
  return /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text)
    ? keys([{ key: 'uuid', value: text }])
    : wrong('it is a UUID, 8-4-4-4-12 hexadecimal digits');
}
