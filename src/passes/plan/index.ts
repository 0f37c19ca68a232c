/**
 * PlacedMachine to Plan. Needs: a machine with all its grants. Gives: everything that a backend needs to know; what was
 * made on the host is named, so that it can be unmade. Reports: nothing, for nothing can be wrong any more.
 */
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Machine, type PlacedMachine } from '../../ir/machine.ts';
import type { Need } from '../../ir/needs.ts';
import type { Command, GuestConsole, Identity, Plan } from '../../ir/plan.ts';
import { setting, type ConfigEntry, type Setting } from '../../ir/settings.ts';
import { holdsSecret, plainWord } from '../../ir/words.ts';
import { exact } from '../../text/exact.ts';
import type { Context } from '../context.ts';
import { deviceMapOf, loaderCommand } from './loader.ts';
import { settingsOf } from './settings.ts';
import { hostStepsOf } from './steps.ts';

/** Plans one run of a machine. */
export function planMachine(placed: PlacedMachine, context: Context): Plan {
  const { machine } = placed;
  const told = settingsOf(placed);
  const secrets = told.flatMap(hiddenEntries);
  const settings =
    secrets.length > 0 && machine.secretsPath !== null ? [...told, secretsSetting(machine.secretsPath, placed)] : told;
  return {
    vmname: machine.name.value,
    arch: machine.arch,
    target: machine.target,
    release: context.host.release,
    origins: machine.origins,
    demand: { memoryMib: Number(machine.memory.mib), wired: machine.memory.wired, vcpus: machine.cpus.count },
    stateDirectory: context.host.stateDirectory,
    steps: hostStepsOf(placed, secrets, context),
    loader: loaderCommand(placed),
    deviceMap: deviceMapOf(machine),
    grubConfig: machine.loader.kind === 'grub' ? (machine.loader.config?.text ?? null) : null,
    bhyve: bhyveCommand(settings, placed),
    configFile: context.host.capabilities.has('config-file'),
    settings,
    identities: identitiesOf(placed),
    ...machine.lifecycle,
    acpi: machine.acpi,
    limits: machine.limits,
    cpuset: machine.cpus.affinity,
    memoryDomains: machine.scheduling.memoryDomains?.value ?? null,
    priority: priorityOf(machine.scheduling),
    consoles: consolesOf(placed),
    startAfter: machine.startAfter,
  };
}

/** The entries that no word of the command line shows. */
function hiddenEntries({ entries, words }: Setting): readonly ConfigEntry[] {
  return words.some(holdsSecret) ? [] : entries.filter(({ secret }) => secret === true);
}

/** The file comes after the devices: bhyve refuses a slot that a key has already filled. */
function secretsSetting(path: string, { machine }: PlacedMachine): Setting {
  const [at] = machine.origins;
  return setting(
    ['-k', [{ kind: 'secrets-file', path, at }]],
    [],
    machine.origins,
    'secrets stand in a file that only root can read',
  );
}

function bhyveCommand(settings: readonly Setting[], { machine }: PlacedMachine): Command {
  const { program, name } = machine;
  const told = settings.flatMap(({ words }) => words);
  return {
    program: plainWord(program.value, [program.at], 'bhyve(8)'),
    words: exact([...told, plainWord(name.value, [name.at], 'the name of the guest comes last')]),
  };
}

function priorityOf({ priority }: Machine['scheduling']): Plan['priority'] {
  return priority === null ? null : { program: priority.program, level: priority.level };
}

function identitiesOf({ machine, grants }: PlacedMachine): readonly Identity[] {
  const { uuid } = machine;
  const needs = allDevices(machine).flatMap((device) => emulationOf(device).needs(device));
  return exact([
    ...needs.filter(isMac).map((need) => ({ kind: 'mac', value: grants.of(need), at: need.at }) as const),
    ...(uuid === null ? [] : [{ kind: 'uuid', value: uuid.value, at: uuid.at } as const]),
  ]);
}

function isMac(need: Need): need is Need<'mac'> {
  return need.kind === 'mac';
}

function consolesOf({ machine, grants }: PlacedMachine): readonly GuestConsole[] {
  return machine.consoles.map(({ com: need, backend }): GuestConsole => {
    const com = grants.of(need);
    return backend.kind === 'nmdm'
      ? { kind: 'nmdm', com, pair: grants.of(backend.need) }
      : { kind: 'tcp', com, host: backend.host, service: backend.service.value };
  });
}
