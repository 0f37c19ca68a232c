/** The loader's command (bhyveload(8), grub-bhyve(8), timeout(1)). */
import type { Origins } from '../../diagnostics/source.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import type { Machine, PlacedMachine } from '../../ir/machine.ts';
import type { Command, Word } from '../../ir/plan.ts';

/** The command that runs before each start of bhyve; null where a boot ROM does its work. */
export function loaderCommand(placed: PlacedMachine): Command | null {
  const { machine } = placed;
  if (machine.loader.kind === 'none') return null;
  return withTimeout(bareCommand(placed, machine.loader), machine);
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
        program: word('bhyveload', loader.origins, 'no loader and no bootloader: bhyveload loads the guest'),
        words: [
          ...words(['memory, as for bhyve'], memory.origins, '-m', size),
          ...wired,
          ...(loader.disk === null ? [] : words(['the boot disk'], loader.origins, '-d', loader.disk)),
          ...ofName,
        ],
      };
    case 'grub':
      return {
        program: word(loader.program, loader.origins, 'bootloader'),
        words: [
          ...words(['the root device of grub'], loader.deviceMap[0]?.origins ?? loader.origins, '--root', loader.root),
          ...words(['disks of the guest by the names of grub'], loader.origins, '--device-map', loader.deviceMapPath),
          ...words(['memory, as for bhyve'], memory.origins, '--memory', size),
          ...wired,
          ...(loader.console === null
            ? []
            : words(
                ['the console of grub is the first serial port'],
                loader.console.origins,
                '--cons-dev',
                consolePath(loader.console, grants),
              )),
          ...ofName,
        ],
      };
    case 'custom':
      return {
        program: word(loader.program, loader.origins, 'bootloader'),
        words: words(['bootloader_args, cut at blanks'], loader.origins, ...loader.words),
      };
  }
}

function consolePath(
  console: NonNullable<(Machine['loader'] & { readonly kind: 'grub' })['console']>,
  grants: PlacedMachine['grants'],
): string {
  if (console.backend.kind === 'nmdm') return grants.of(console.backend.need).guest;
  return emulationOf(console).kind;
}

function withTimeout(command: Command, { loaderTimeout, origins }: Machine): Command {
  if (loaderTimeout === null) return command;
  const { seconds, killSeconds, verbose } = loaderTimeout;
  const rule = 'a loader that waits for a key must not hang the start';
  return {
    program: word('timeout', origins, rule),
    words: [
      ...words([rule], origins, '--foreground', ...(verbose ? ['--verbose'] : [])),
      ...(killSeconds > 0 ? words([rule], origins, '-k', `${String(killSeconds)}s`) : []),
      ...words([rule], origins, `${String(seconds)}s`),
      command.program,
      ...command.words,
    ],
  };
}

function word(text: string, origins: Origins, rule: string): Word {
  return { text, origins, rule, secret: null };
}

function words([rule]: readonly [string], origins: Origins, ...texts: readonly string[]): readonly Word[] {
  return texts.map((text) => word(text, origins, rule));
}
