/** The loader's command (bhyveload(8), grub-bhyve(8), timeout(1)). */
import type { Origins } from '../../diagnostics/source.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import type { Machine, PlacedMachine } from '../../ir/machine.ts';
import type { Command, LoaderCommand, LoaderLimit } from '../../ir/plan.ts';
import { piecesOf, plainWord, type Value, type Word } from '../../ir/words.ts';

/** The command that runs before each start of bhyve; null where a boot ROM does its work. */
export function loaderCommand(placed: PlacedMachine): LoaderCommand | null {
  const { machine } = placed;
  if (machine.loader.kind === 'none') return null;
  return { ...bareCommand(placed, machine.loader), limit: limitOf(machine) };
}

/** The device map of grub-bhyve, a line for each disk; null where no loader reads one. */
export function deviceMapOf({ loader }: Machine): string | null {
  if (loader.kind !== 'grub' || loader.deviceMap.length === 0) return null;
  return loader.deviceMap.map(({ device, path }) => `(${device}) ${path}\n`).join('');
}

type RunningLoader = Exclude<Machine['loader'], { readonly kind: 'none' }>;

function bareCommand({ machine, grants }: PlacedMachine, loader: RunningLoader): Command {
  const { memory, name } = machine;
  const size = `${String(memory.mib)}${memory.suffix ? 'M' : ''}`;
  const ofName = words(['the name of the guest comes last'], [name.at], name.value);
  // Printed sizes carry a suffix in our dialect only, and so does -S for the loader.
  const wired =
    memory.wired && memory.suffix ? words(['a wired guest is loaded wired'], memory.wiredOrigins, '-S') : [];
  switch (loader.kind) {
    case 'bhyveload':
      return {
        program: plainWord(loader.program, loader.origins, 'no loader and no bootloader: bhyveload loads the guest'),
        words: [
          ...words(['memory, as for bhyve'], memory.origins, '-m', size),
          ...wired,
          ...(loader.disk === null ? [] : words(['the boot disk'], loader.origins, '-d', loader.disk)),
          ...ofName,
        ],
      };
    case 'grub':
      return {
        program: plainWord(loader.program, loader.origins, 'bootloader'),
        words: [
          ...words(['the root device of grub'], loader.deviceMap[0]?.origins ?? loader.origins, '--root', loader.root),
          ...mediumWords(loader),
          ...words(['memory, as for bhyve'], memory.origins, '--memory', size),
          ...wired,
          ...(loader.console === null ? [] : consoleWords(loader.console, grants)),
          ...ofName,
        ],
      };
    case 'custom':
      return {
        program: plainWord(loader.program, loader.origins, 'bootloader'),
        words: words(['bootloader_args, cut at blanks'], loader.origins, ...loader.words),
      };
  }
}

/** Where grub.cfg is, and the disks that it may name. */
function mediumWords({
  config,
  directory,
  deviceMapPath,
  origins,
}: RunningLoader & { readonly kind: 'grub' }): readonly Word[] {
  if (config !== null) {
    // The command line of the kernel is the user's: no console is added to it.
    return [
      ...words(['the launcher makes a grub.cfg of <kernel>'], config.origins, '--directory', config.directory),
      ...words(['the launcher makes a grub.cfg of <kernel>'], config.origins, '--grub-cfg', config.name),
      ...words(['the command line of the kernel is the one that is written'], config.origins, '--ncons'),
    ];
  }
  return [
    ...(directory === null ? [] : words(['where grub.cfg is'], [directory.at], '--directory', directory)),
    ...words(['disks of the guest by the names of grub'], origins, '--device-map', deviceMapPath),
  ];
}

function consoleWords(
  console: NonNullable<(Machine['loader'] & { readonly kind: 'grub' })['console']>,
  grants: PlacedMachine['grants'],
): readonly Word[] {
  if ('value' in console) return words(['the console of grub'], [console.at], '--cons-dev', console);
  const { backend, origins } = console;
  const path = backend.kind === 'nmdm' ? grants.of(backend.need).guest : emulationOf(console).kind;
  return words(['the console of grub is the first serial port'], origins, '--cons-dev', path);
}

function limitOf({ loaderTimeout, origins }: Machine): LoaderLimit | null {
  return loaderTimeout === null ? null : { ...loaderTimeout, origins };
}

function words([rule]: readonly [string], origins: Origins, ...values: readonly Value[]): readonly Word[] {
  return values.map((value) => ({ pieces: piecesOf(value), origins, rule }));
}
