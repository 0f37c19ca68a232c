/** Programs, firmware and libraries that guests are run with. */
import { isAtLeast } from '../probing/running-release.ts';
import { miss, now, pass, setup, type Check, type Cure, type Finding, type Result } from './finding.ts';
import { paths, type Observed } from './observed.ts';

const base = [setup('it is part of the base system: install the set or the package FreeBSD-bhyve again')];

/** bhyve, its loaders, its firmware, in the order in which guests need them. */
export function checkPrograms(host: Observed): readonly Finding[] {
  const { programs, files, arch, version } = host;
  const program = (name: string, result: Miss, follows: string, cures: readonly Cure[]): Finding =>
    asFinding({ id: name, subject: `for ${name}` }, programs.has(name), result, `it is not there, ${follows}`, cures);
  const file = (check: Check, path: string, result: Miss, follows: string, cures: readonly Cure[]): Finding =>
    asFinding(check, files.has(path), result, `${path} is not there, ${follows}`, cures);
  const common = [
    program('bhyve', 'fail', 'will not be able to start VMs', base),
    program('bhyvectl', 'fail', 'will not be able to clean up after VMs', base),
  ];
  const slirp = isAtLeast(version, 15, 0)
    ? [
        file({ id: 'libslirp', subject: 'for libslirp' }, paths.slirp, 'note', 'user-mode networks will not work', [
          now('pkg install libslirp'),
        ]),
      ]
    : [];
  if (arch === 'arm64') {
    const uboot = { id: 'u-boot', subject: 'for the U-Boot image' };
    const install = [now('pkg install u-boot-bhyve-arm64')];
    return [...common, file(uboot, paths.uboot, 'warn', 'guests need a <loader> of their own', install), ...slirp];
  }
  const install = [now('pkg install edk2-bhyve')];
  const variables = file(
    { id: 'uefi-variables', subject: 'for the template of UEFI variables' },
    paths.variables,
    'note',
    'UEFI guests cannot keep their boot entries',
    install,
  );
  return [
    ...common,
    file({ id: 'iasl', subject: 'for iasl' }, paths.iasl, 'fail', 'bhyve aborts without it', base),
    file(
      { id: 'uefi-firmware', subject: 'for the UEFI firmware' },
      paths.firmware,
      'warn',
      'UEFI guests cannot start',
      install,
    ),
    ...(isAtLeast(version, 13, 2) ? [variables] : []),
    checkBhyveload(host),
    ...(isAtLeast(version, 14, 3)
      ? [
          program('swtpm', 'note', 'TPMs of type emulator, as Windows 11 wants one, cannot start', [
            now('pkg install swtpm'),
          ]),
        ]
      : []),
    program('grub-bhyve', 'note', 'guests with <bootloader>grub-bhyve</bootloader> cannot start', [
      now('pkg install grub2-bhyve'),
    ]),
    ...slirp,
  ];
}

type Miss = Exclude<Result, 'pass'>;

function checkBhyveload({ programs, files }: Observed): Finding {
  const check = { id: 'bhyveload', subject: 'for bhyveload' };
  const follows = 'FreeBSD guests without firmware cannot start';
  if (!programs.has('bhyveload')) return miss(check, 'warn', `it is not there, ${follows}`, base);
  if (files.has(paths.userboot)) return pass(check);
  return miss(check, 'warn', `its loader ${paths.userboot} is not there, ${follows}`, [
    setup('install the base system again: the file belongs to the boot loaders'),
  ]);
}

function asFinding(check: Check, isThere: boolean, result: Miss, message: string, cures: readonly Cure[]): Finding {
  return isThere ? pass(check) : miss(check, result, message, cures);
}
