/** A plan file back to a plan, strictly: what this version of bhyvec would not write is refused, with the place. */
import { isRule } from '../../ir/rctl.ts';
import { isGuestName } from '../../ir/names.ts';
import type { NmdmPair } from '../../ir/units.ts';
import type { Command, GuestConsole, HostStep, Plan, Word } from '../../ir/plan.ts';
import type { ConfigEntry, Setting } from '../../ir/settings.ts';
import { hiddenSecret } from '../text/secrets.ts';
import { planVersion } from './emit.ts';
import { fieldsOf, ShapeFault, type Fields } from './fields.ts';
import { placesOf, type PlaceReader } from './places.ts';

/** What became of the text. */
export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** Where the plan needs the VNC password that the file does not hold: in a command's words, or in secrets.conf. */
      readonly missing: 'words' | 'file' | null;
    }
  | { readonly ok: false; readonly problem: string };

/** Reads the text of a plan.json; `passwordOf` gives the VNC password of a guest by its name, null where it is not known. */
export function readPlan(text: string, passwordOf: (vmname: string) => string | null): ReadPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'it is not JSON' };
  }
  try {
    return planOf(value, passwordOf);
  } catch (error) {
    if (!(error instanceof ShapeFault)) throw error;
    return { ok: false, problem: error.message };
  }
}

function planOf(value: unknown, passwordOf: (vmname: string) => string | null): ReadPlan {
  const root = fieldsOf(value, '');
  const version = root.count('version', 1);
  if (version !== planVersion) {
    throw new ShapeFault(
      `it has version ${String(version)}, this bhyvec knows ${String(planVersion)}: build it again from the XML`,
    );
  }
  const vmname = root.text('vmname');
  if (!isGuestName(vmname)) throw new ShapeFault('vmname is no name of a guest');
  const reading = new Reading(placesOf(value), passwordOf(vmname));
  const demand = root.object('demand');
  const loader = root.objectOrNull('loader');
  const plan: Plan = {
    vmname,
    arch: root.oneOf('arch', ['amd64', 'arm64']),
    target: root.text('target'),
    release: root.textOrNull('release'),
    origins: reading.place(root),
    demand: {
      memoryMib: demand.count('memoryMib', 1),
      wired: demand.flag('wired'),
      vcpus: demand.count('vcpus', 1),
    },
    stateDirectory: root.text('stateDirectory'),
    steps: root.objects('steps', (fields) => reading.step(fields)),
    loader: loader === null ? null : reading.command(loader),
    deviceMap: root.textOrNull('deviceMap'),
    bhyve: reading.command(root.object('bhyve')),
    configFile: root.flag('configFile'),
    settings: root.objects('settings', (fields) => reading.setting(fields)),
    onPoweroff: root.oneOf('onPoweroff', actions),
    onReboot: root.oneOf('onReboot', actions),
    onCrash: root.oneOf('onCrash', actions),
    acpi: root.flag('acpi'),
    limits: root.objects('limits', (fields) => ({ rule: ruleOf(fields), origins: reading.place(fields) })),
    cpuset: root.textOrNull('cpuset'),
    consoles: root.objects('consoles', consoleOf),
    startAfter: root.texts('startAfter'),
  };
  demand.end();
  root.end();
  return { ok: true, plan, missing: reading.missing };
}

const actions = ['destroy', 'restart', 'preserve'] as const;

function ruleOf(fields: Fields): string {
  const rule = fields.text('rule');
  if (!isRule(rule)) throw new ShapeFault(`${fields.where}.rule is no rule of rctl(8)`);
  return rule;
}

function pairOf(fields: Fields): NmdmPair {
  const pair = { guest: fields.text('guest'), user: fields.text('user') };
  fields.end();
  return pair;
}

function consoleOf(fields: Fields): GuestConsole {
  const com = fields.count('com', 1);
  return fields.oneOf('kind', ['nmdm', 'tcp']) === 'nmdm'
    ? { kind: 'nmdm', com, pair: pairOf(fields.object('pair')) }
    : { kind: 'tcp', com, host: fields.text('host'), service: fields.text('service') };
}

/** The parts that have places or secrets. */
class Reading {
  readonly place: PlaceReader;
  missing: 'words' | 'file' | null = null;
  private readonly password: string | null;
  constructor(place: PlaceReader, password: string | null) {
    this.place = place;
    this.password = password;
  }

  command(fields: Fields): Command {
    const program = fields.object('program');
    const command = { program: this.word(program), words: fields.objects('words', (one) => this.word(one)) };
    program.end();
    fields.end();
    return command;
  }

  setting(fields: Fields): Setting {
    const isSecret = fields.mark('secret');
    return {
      words: fields.texts('words').map((text) => (isSecret ? this.filled(text) : text)),
      entries: fields.objects('entries', (one) => this.entry(one)),
      origins: this.place(fields),
      rule: fields.text('rule'),
      secret: isSecret ? this.password : null,
    };
  }

  step(fields: Fields): HostStep {
    const origins = this.place(fields);
    const kind = fields.oneOf('kind', stepKinds);
    switch (kind) {
      case 'module':
        return { kind, names: fields.texts('names'), origins };
      case 'file': {
        const path = fields.text('path');
        return {
          kind,
          path,
          purpose: fields.oneOf('purpose', purposes),
          access: fields.oneOf('access', ways),
          origins,
        };
      }
      case 'directory':
        return { kind, path: fields.text('path'), access: fields.oneOf('access', ways), origins };
      case 'nvram':
        return { kind, path: fields.text('path'), template: fields.textOrNull('template'), origins };
      case 'bridge':
        return { kind, name: fields.text('name'), origins };
      case 'tap': {
        const name = fields.text('name');
        const mtu = fields.countOrNull('mtu', 1);
        return { kind, name, bridge: fields.text('bridge'), mtu, description: fields.text('description'), origins };
      }
      case 'ppt': {
        const [bus, slot] = [fields.count('bus', 0), fields.count('slot', 0)];
        return { kind, bus, slot, function: fields.count('function', 0), managed: fields.flag('managed'), origins };
      }
      case 'port': {
        const [address, port, automatic] = [fields.text('address'), fields.count('port', 1), fields.flag('automatic')];
        return { kind, address, port, automatic, last: fields.count('last', 1), origins };
      }
      case 'socket':
        return { kind, path: fields.text('path'), origins };
      case 'device-map':
        return { kind, path: fields.text('path'), text: fields.text('text'), origins };
      case 'secrets': {
        const entries = fields.objects('entries', (one) => this.entry(one));
        if (this.password === null) this.missing ??= 'file';
        return { kind, path: fields.text('path'), entries, origins };
      }
      case 'vcpus':
        return { kind, count: fields.count('count', 1), origins };
      case 'nmdm':
        return { kind, pair: pairOf(fields.object('pair')), origins };
      case 'racct':
        return { kind, origins };
    }
  }

  private word(fields: Fields): Word {
    const isSecret = fields.mark('secret');
    const text = fields.text('text');
    if (isSecret && this.password === null) this.missing = 'words';
    return {
      text: isSecret ? this.filled(text) : text,
      origins: this.place(fields),
      rule: fields.text('rule'),
      secret: isSecret ? this.password : null,
    };
  }

  private entry(fields: Fields): ConfigEntry {
    const key = fields.text('key');
    const value = fields.text('value');
    return fields.mark('secret') ? { key, value: this.password ?? value, secret: true } : { key, value };
  }

  private filled(text: string): string {
    const { password } = this;
    return password === null ? text : text.replaceAll(`password=${hiddenSecret}`, () => `password=${password}`);
  }
}

const ways = ['read', 'write'] as const;
const purposes = ['disk', 'cdrom', 'firmware', 'sound', 'tpm', 'console', 'rom'] as const;
const stepKinds = [
  'module',
  'file',
  'directory',
  'nvram',
  'bridge',
  'tap',
  'ppt',
  'port',
  'socket',
  'device-map',
  'secrets',
  'vcpus',
  'nmdm',
  'racct',
] as const satisfies readonly HostStep['kind'][];
