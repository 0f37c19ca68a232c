/** `-l DEVICE,CONF` as keys: bhyve(8), option `-l`; bhyve_config(5), "LPC" and "TPM". Names may have any letter case. */
import type { ConfigEntry } from '../settings.ts';
import { keys, wrong, type Reading, type Spelling } from './reading.ts';

/** Reads the argument of `-l`. */
export function readLpc(text: string, { topLevelKeys }: Spelling): Reading {
  const comma = text.indexOf(',');
  const name = (comma < 0 ? text : text.slice(0, comma)).toLowerCase();
  const rest = comma < 0 ? '' : text.slice(comma + 1);
  if (/^com[1-4]$/.test(name)) {
    if (rest === '') return wrong(`${name} has to be followed by a device, as in ${name},stdio`);
    return keys([{ key: `lpc.${name}.path`, value: rest }], name >= 'com3' ? 'com3' : null);
  }
  switch (name) {
    case 'bootrom':
      return readBootrom(rest, topLevelKeys);
    case 'tpm':
      return readTpm(rest);
    case 'pc-testdev':
      return keys([{ key: 'lpc.pc-testdev', value: 'true' }], 'config-file');
    default:
      return wrong(`the LPC bridge has com1 to com4, bootrom and tpm, not ${name}`);
  }
}

function readBootrom(text: string, topLevelKeys: boolean): Reading {
  const [rom = '', ...others] = text.split(',');
  if (rom === '') return wrong('bootrom has to be followed by the path of a file');
  const [second] = others;
  const hasVars = second !== undefined && !second.includes('=');
  const root = topLevelKeys ? '' : 'lpc.';
  const entries: readonly ConfigEntry[] = [
    { key: `${root}bootrom`, value: rom },
    ...(hasVars ? [{ key: `${root}bootvars`, value: second }] : []),
    ...others.slice(hasVars ? 1 : 0).map((piece) => {
      const equals = piece.indexOf('=');
      return {
        key: `lpc.${equals < 0 ? piece : piece.slice(0, equals)}`,
        value: equals < 0 ? 'true' : piece.slice(equals + 1),
      };
    }),
  ];
  return keys(entries, hasVars ? 'bootvars' : 'bootrom');
}

/** The version has a default on the command line only: a file has to say it, or bhyve aborts. */
function readTpm(text: string): Reading {
  const [type = '', path = '', ...others] = text.split(',');
  if ((type !== 'passthru' && type !== 'swtpm') || path === '')
    return wrong('a TPM is passthru,DEVICE or swtpm,SOCKET');
  const version = others.find((piece) => piece.startsWith('version='))?.slice('version='.length) ?? '2.0';
  return keys(
    [
      { key: 'tpm.type', value: type },
      { key: 'tpm.path', value: path },
      { key: 'tpm.version', value: version },
    ],
    type === 'swtpm' ? 'tpm-swtpm' : 'tpm-passthru',
  );
}
