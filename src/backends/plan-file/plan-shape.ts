/** The shape of plan.json: what is written, what a reader takes, and `schemas/plan.schema.json` follow from it. */
import { action, arch, pair } from '../../ir/shapes.ts';
import { guestName } from '../../ir/names.ts';
import { rctlRule } from '../../ir/rctl.ts';
import { constant, flag, list, object, oneOf, orNull, text, variants, whole, type TypeOf } from '../../text/shape.ts';
import type { GuestConsole } from '../../ir/plan.ts';
import { entry, from, word } from './shapes.ts';
import { stepShapes, type WrittenStep } from './step-shapes.ts';

const command = { program: word, words: list('in order', word) };

/** A program and its words. */
export const commandShape = object('a program and its words', command);

/** The time that a loader may take. */
const limitShape = object('the time that the loader may take, timeout(1); null for no limit', {
  seconds: whole('until SIGTERM', 1),
  killSeconds: whole('from SIGTERM to SIGKILL; 0 for no SIGKILL', 0),
  verbose: flag('whether timeout(1) says so'),
  from,
});

/** The loader. */
export const loaderShape = object('the program that loads the guest before each start of bhyve, and its words', {
  ...command,
  limit: orNull(limitShape),
});

/** One thing that bhyve is told. */
export const settingShape = object('one thing that bhyve is told, in both spellings', {
  words: list(
    'an option with its value, the next words of the command of bhyve; empty where only the file can say it',
    text('a word'),
  ),
  entries: list('keys; empty where only the command line can say it', entry),
  rule: text('the rule that made it'),
  from,
});

const com = whole('number of the port', 1, 4);

const consoles = {
  nmdm: object('a null-modem pair', { kind: constant('what it is', 'nmdm'), com, pair }),
  tcp: object('a TCP port', {
    kind: constant('what it is', 'tcp'),
    com,
    host: text('address'),
    service: text('port'),
  }),
};

/** A plan. */
export const planShape = object(
  'All that is needed to run one guest under bhyve: what has to be there, what is made and unmade, the commands, what each way of ending means. The file plan.json that bhyvec build writes.',
  {
    version: constant('version of this shape; a reader refuses one that it does not know', 3),
    vmname: text('name of the guest', { pattern: guestName, words: 'the name of a guest' }),
    arch: arch('architecture of host and guest'),
    target: text('name of the target or host profile that it was made for'),
    release: orNull(text('FreeBSD release of the host, such as 14.3, or main; null where the profile does not say')),
    demand: object('memory of the host that the guest takes', {
      memoryMib: whole('MiB of memory', 1),
      wired: flag('whether the memory cannot be paged out'),
    }),
    stateDirectory: text('directory of files that exist while guests run', { least: 1, words: 'a path' }),
    deviceMap: orNull(text('text of the device map that grub-bhyve reads; null where no loader reads one')),
    grubConfig: orNull(text('text of the grub.cfg that is made for grub-bhyve; null where none is made')),
    configFile: flag('whether bhyve can read a configuration file (-k, from FreeBSD 13.1)'),
    onPoweroff: action('what follows when bhyve exits with 1 or 2: the guest powered off or halted'),
    onReboot: action('what follows when bhyve exits with 0: the guest was reset'),
    onCrash: action('what follows when bhyve ends otherwise'),
    acpi: flag('whether SIGTERM to bhyve presses the power button of the guest'),
    cpuset: orNull(
      text('the host CPUs that the whole process may use, as cpuset(1) reads them; null where it may use all', {
        pattern: /^[0-9,-]+$/,
        words: 'a list of CPUs',
      }),
    ),
    memoryDomains: orNull(
      text('the memory domains of the host, as cpuset(1) reads them behind -n; null where FreeBSD chooses', {
        pattern: /^[a-z-]+:[0-9,-]+$/,
        words: 'POLICY:DOMAINS',
      }),
    ),
    priority: orNull(
      object('the priority of all threads of the process; null for the usual one', {
        program: oneOf('its class, rtprio(1) or idprio(1)', ['rtprio', 'idprio']),
        level: whole('the place in it; 0 comes first', 0, 31),
      }),
    ),
    consoles: list('serial ports that a user can attach to', variants<GuestConsole>('kind', consoles)),
    startAfter: list('guests that have to start before this one', text('its name')),
    source: text('file name of the XML'),
    steps: list(
      'what has to be there and what is made, in order; what is made is unmade in reverse order',
      variants<WrittenStep>('kind', stepShapes),
    ),
    loader: orNull(loaderShape),
    bhyve: commandShape,
    settings: list(
      'what bhyve is told, in order, the name of the guest excepted: as words of the command line, and as keys of bhyve_config(5)',
      settingShape,
    ),
    identities: list(
      "what has to be this guest's alone: MAC addresses and UUID",
      object('one of them', {
        kind: oneOf('what it is', ['mac', 'uuid']),
        value: text('as bhyve is told'),
        from,
      }),
    ),
    limits: list(
      'rules of rctl(8) for the process of bhyve',
      object('one of them', {
        rule: text('RESOURCE:ACTION=AMOUNT', { pattern: rctlRule, words: 'a rule of rctl(8)' }),
        from,
      }),
    ),
  },
);

/** What plan.json holds. */
export type PlanFile = TypeOf<typeof planShape>;
