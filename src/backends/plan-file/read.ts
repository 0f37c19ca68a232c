/** A plan file back to a plan, strictly: what this version of bhyvec would not write is refused, with the place. */
import { isRule } from '../../ir/rctl.ts';
import { isGuestName } from '../../ir/names.ts';
import { lastPort, type NmdmPair } from '../../ir/units.ts';
import type { Command, GuestConsole, HostStep, Identity, LoaderCommand, Plan } from '../../ir/plan.ts';
import type { ConfigEntry, Setting } from '../../ir/settings.ts';
import { stepKinds, steps } from '../../ir/steps/index.ts';
import { hiddenSecret, piecesOf, shownText, type Piece, type Word } from '../../ir/words.ts';
import { planVersion } from './emit.ts';
import { checkPorts } from './ports.ts';
import { fieldsOf, ShapeFault, type Fields } from '../../text/fields.ts';
import { createPlaceReader, type PlaceReader } from './places.ts';

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
  const source = root.text('source');
  const reading = new Reading(createPlaceReader(source), passwordOf(vmname));
  const demand = root.object('demand');
  const loader = root.objectOrNull('loader');
  const bhyve = reading.command(root.object('bhyve'));
  const plan: Plan = {
    vmname,
    arch: root.oneOf('arch', ['amd64', 'arm64']),
    target: root.text('target'),
    release: root.textOrNull('release'),
    origins: [{ source: { name: source, text: '', part: 'domain' }, start: 0, end: 0 }],
    demand: {
      memoryMib: demand.count('memoryMib', 1),
      wired: demand.flag('wired'),
      vcpus: demand.count('vcpus', 1),
    },
    stateDirectory: root.text('stateDirectory'),
    steps: root.objects('steps', (fields) => reading.step(fields)),
    loader: loader === null ? null : reading.loader(loader),
    deviceMap: root.textOrNull('deviceMap'),
    bhyve,
    configFile: root.flag('configFile'),
    settings: reading.settings(root, bhyve),
    identities: root.objects('identities', (fields) => reading.identity(fields)),
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
  checkPorts(plan);
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

  loader(fields: Fields): LoaderCommand {
    const limit = fields.objectOrNull('limit');
    const loader: LoaderCommand = {
      ...this.words(fields),
      limit:
        limit === null
          ? null
          : {
              seconds: limit.count('seconds', 1),
              killSeconds: limit.count('killSeconds', 0),
              verbose: limit.flag('verbose'),
              origins: this.place(limit),
            },
    };
    limit?.end();
    fields.end();
    return loader;
  }

  command(fields: Fields): Command {
    const command = this.words(fields);
    fields.end();
    return command;
  }

  /** Each setting has the next words of the command. */
  settings(root: Fields, { words }: Command): readonly Setting[] {
    let next = 0;
    return root.objects('settings', (fields) => {
      const own = fields.texts('words').map((text, i) => {
        const word = words[next];
        next += 1;
        if (word !== undefined && shownText(word.pieces) === text) return word;
        throw new ShapeFault(`${fields.where}.words[${String(i)}] is not the next word of bhyve`);
      });
      return {
        words: own,
        entries: fields.objects('entries', (one) => this.entry(one)),
        origins: this.place(fields),
        rule: fields.text('rule'),
      };
    });
  }

  identity(fields: Fields): Identity {
    const [at] = this.place(fields);
    return { kind: fields.oneOf('kind', ['mac', 'uuid']), value: fields.text('value'), at };
  }

  step(fields: Fields): HostStep {
    const origins = this.place(fields);
    const kind = fields.oneOf('kind', stepKinds);
    return steps[kind].read(fields, {
      place: { origins, at: origins[0] },
      entries: (own) => {
        if (this.password === null) this.missing ??= 'file';
        return own.objects('entries', (one) => this.entry(one));
      },
    });
  }

  private word(fields: Fields): Word {
    const text = fields.text('text');
    const pieces = fields.has('pieces') ? fields.objects('pieces', (one) => this.piece(one)) : piecesOf(text);
    if (shownText(pieces) !== text) throw new ShapeFault(`${fields.where}.pieces are not those of its text`);
    return { pieces, origins: this.place(fields), rule: fields.text('rule') };
  }

  private piece(fields: Fields): Piece {
    const [at] = this.place(fields);
    const kind = fields.oneOf('kind', ['text', 'secret', 'port', 'tap', 'secrets-file']);
    switch (kind) {
      case 'text':
        return { kind, text: fields.text('text'), at };
      case 'secret':
        if (this.password === null) this.missing = 'words';
        return { kind, text: this.password ?? hiddenSecret, at };
      case 'port':
        return { kind, address: fields.text('address'), port: fields.count('port', 1, lastPort), at };
      case 'tap':
        return { kind, name: fields.text('name'), at };
      case 'secrets-file':
        return { kind, path: fields.text('path'), at };
    }
  }

  private words(fields: Fields): Command {
    const program = fields.object('program');
    const command = { program: this.word(program), words: fields.objects('words', (one) => this.word(one)) };
    program.end();
    return command;
  }

  private entry(fields: Fields): ConfigEntry {
    const key = fields.text('key');
    const value = fields.text('value');
    return fields.mark('secret') ? { key, value: this.password ?? value, secret: true } : { key, value };
  }
}
