/**
 * The self-test as one script for FreeBSD's sh: its parts in `sh`, the boot ROMs, and the launchers of all guests for all
 * releases. Pure: the same bhyvec gives the same bytes.
 */
import { releases, type Release } from '../host/releases.ts';
import { programFolders } from '../ir/host.ts';
import { shellWord } from '../text/sh.ts';
import { guests } from './guests.ts';
import { pack } from './pack.ts';
import { base, bridge, bridgeDescription, tcpPort } from './places.ts';
import { octal, printed, resetBytes, romBytes, romGaps, romNames } from './roms.ts';
import { releaseSets } from './sets.ts';
import guest from './sh/guest.sh';
import host from './sh/host.sh';
import made from './sh/made.sh';
import main from './sh/main.sh';
import probes from './sh/probes.sh';
import tap from './sh/tap.sh';
import parts from './sh/tests-parts.sh';
import run from './sh/tests-run.sh';
import supervisor from './sh/tests-supervisor.sh';
import verbs from './sh/tests-verbs.sh';
import time from './sh/time.sh';
import unpack from './sh/unpack.sh';

/** Ends the two long texts of the script; no line of a launcher is called so. */
const endOfText = 'END_OF_BHYVEC_TEXT';

/**
 * The script.
 * @param version of bhyvec
 * @param wanted the releases whose launchers are in it: it runs on them, and on newer ones
 */
export function selftestScript(version: string, wanted: readonly Release[] = releases): string {
  const { lines, index } = pack(releaseSets(wanted));
  return [
    head(version),
    ...[tap, time, host, made, unpack, guest, run, verbs, parts, supervisor, probes, main],
    roms(),
    text('index', index),
    text('pool', lines),
    // All of it is read before anything is done.
    'main "$@"\nexit\n',
  ].join('\n');
}

/** What the parts name in capitals or leave open: the values of the build. */
function head(version: string): string {
  const values: readonly (readonly [string, string])[] = [
    ['version', version],
    ['base', base],
    ['bridge', bridge],
    ['bridge_text', bridgeDescription],
    ['tcp_port', String(tcpPort)],
    ['printed', printed],
    ['reset_vector', octal(resetBytes)],
    ['guest_names', guests.map(({ name }) => name).join(' ')],
  ];
  return `#!/bin/sh
# Runs real guests on this FreeBSD host through the launchers of bhyvec, and tells in TAP what came of it.
# Printed by bhyvec ${version} host selftest. Run it as root; with --help it names its options.
# It makes a bridge without members and small guests, and unmakes all. Kernel modules stay loaded.

# shellcheck disable=SC2317,SC2329 # tests are called by their names
set -u
PATH=\${PATH:+$PATH:}${shellWord(programFolders.join(':'))}
LC_ALL=C
export PATH LC_ALL
umask 077

${values.map(([name, value]) => `${name}=${shellWord(value)}`).join('\n')}
root=\${BHYVEC_ROOT-}                       # a directory that stands for /: for the stand-in host
work=$root$base/work
report=$work/report
shell=\${BHYVEC_SELFTEST_SHELL:-/bin/sh}    # for the launchers
patience=\${BHYVEC_SELFTEST_PATIENCE:-20}   # seconds for each thing that is waited for
time_limit=\${BHYVEC_SELFTEST_LIMIT:-155}   # seconds for all
unmaking=15                                # and for unmaking what is there then
seed=\${BHYVEC_SELFTEST_SEED:-$$}           # for what is to be random
newline='
'

# What the launchers wait for. A guest that ends at once is started three times.
export BHYVEC_STOP_LIMIT="$patience" BHYVEC_PRESS_EVERY=2 BHYVEC_FORCE_LIMIT="$patience" BHYVEC_NODE_LIMIT="$patience"
export BHYVEC_START_LIMIT="$patience" BHYVEC_QUICK_RUN=3600 BHYVEC_QUICK_LIMIT=3 BHYVEC_RESTART_DELAY=0
unset BHYVEC_REPORT BHYVEC_HOOKS BHYVEC_LOG BHYVEC_ASKER
`;
}

function roms(): string {
  const calls = romNames.map((name) => {
    const [gap, end] = romGaps(name);
    return `  make_rom ${name} '${octal(romBytes(name))}' ${String(gap)} ${String(end)}`;
  });
  return `# The boot ROMs: what they do is in src/selftest/roms.ts of bhyvec.\nmake_roms() {\n${calls.join('\n')}\n}\n`;
}

/** A function that prints the lines. */
function text(name: string, lines: readonly string[]): string {
  return `${name}() {\n  cat <<'${endOfText}'\n${lines.join('\n')}\n${endOfText}\n}\n`;
}
