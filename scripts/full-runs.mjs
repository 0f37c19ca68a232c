/**
 * `npm run test:full`: the tests that `npm test` runs as a sample, at their full size. This list is the one place that
 * names them; test/house/full-runs.test.ts holds it against the files that use test/full.ts. The last line counts the
 * tests. BHYVEC_FULL_MINUTES ends it, as a failure. With `--landing` it is as CI runs it at each landing, which takes half an
 * hour on two processors: most of it whole, and of what takes longer always the same part. All is run before a release.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { root } from './bundling.mjs';
import { countsOf } from './count-tests.mjs';

/**
 * @typedef {object} FullRun
 * @property {string} proves what it proves at its full size
 * @property {number} minutes of one processor that it takes, about
 * @property {string} [landing] what part of it CI takes, where that is not all
 */

/** All of them. @satisfies {Readonly<Record<string, FullRun>>} */
export const fullRuns = {
  'src/host/schema.test.ts': { proves: 'the reader of host profiles and their schema agree', minutes: 0.1 },
  'src/frontend/relaxng/verdicts.property.test.ts': {
    proves: 'four programs have the same verdict on thousands of mutants',
    minutes: 0.5,
  },
  'src/frontend/xml/large.property.test.ts': { proves: 'texts of 4 MiB are parsed to the end', minutes: 0.1 },
  'src/frontend/xml/parse.property.test.ts': { proves: 'any text is read to its end, as saxes reads it', minutes: 0.3 },
  'src/frontend/xmllint/xmllint.test.ts': { proves: 'xmllint reads a document of 4 MiB', minutes: 0.3 },
  'test/build/config.test.ts': {
    proves: 'bhyve reads the file as the words, for all documents on all targets',
    minutes: 1,
  },
  'test/build/killed.test.ts': {
    proves: 'a build is killed at each of its calls to the system and to the kernel, and mends',
    minutes: 26,
    landing: 'each fourth call, and each eighth of the kernel',
  },
  'test/build/package.test.ts': {
    proves: 'the package, installed elsewhere: its compiler is imported, and a strict compiler takes its types',
    minutes: 0.2,
  },
  'test/build/program.test.ts': {
    proves: 'a build is the same everywhere, and so are its patches and rehearsals',
    minutes: 0.5,
  },
  'test/build/raw-words.test.ts': {
    proves: 'random words of the user for bhyve mean what the compiler takes them for',
    minutes: 5,
  },
  'test/build/schemas.test.ts': {
    proves: 'plans and manifests of all golden cases fit the schemas, on old targets too',
    minutes: 0.3,
  },
  'test/cli/cli.test.ts': { proves: 'each command has its help', minutes: 0.2 },
  'test/cli/git.test.ts': { proves: 'passwords stay out of git, and the workflow of the example runs', minutes: 0.2 },
  'test/control/commands.test.ts': { proves: 'each command of the client against a supervisor', minutes: 0.1 },
  'test/control/console.test.ts': { proves: 'a console of the supervisor, whatever ends it', minutes: 0.1 },
  'test/control/flood.test.ts': { proves: 'whatever a client does, the supervisor answers the others', minutes: 0.3 },
  'test/control/lines.test.ts': { proves: 'bytes in any pieces are lines, and no line is a danger', minutes: 0.2 },
  'test/control/real.test.ts': { proves: 'the life of two domains by the commands of the client', minutes: 0.2 },
  'test/control/ssh.test.ts': { proves: 'each way in which a connection over ssh does not come about', minutes: 0.3 },
  'test/cures/cures.test.ts': { proves: 'the cure of each mistake of the corpus mends it', minutes: 0.1 },
  'test/cures/edits.test.ts': { proves: 'each edit that is offered mends what it is offered for', minutes: 0.2 },
  'test/cures/misspelt.test.ts': {
    proves: 'each word of the golden documents, misspelt in every way, gives one finding',
    minutes: 2,
  },
  'test/cures/writes.test.ts': { proves: 'each help is followed in each document that it is said of', minutes: 0.2 },
  'test/golden/golden.test.ts': {
    proves: 'golden cases do not depend on order, time zone and what was compiled before',
    minutes: 0.2,
  },
  'test/host-commands/commands.test.ts': {
    proves: 'a stand-in host of each kind is probed and validated',
    minutes: 0.3,
  },
  'test/host/bhyve.test.ts': { proves: 'the stand-in bhyve refuses what each release refuses', minutes: 0.3 },
  'test/host/ifconfig.test.ts': { proves: 'the stand-in ifconfig, with its races', minutes: 0.1 },
  'test/host/signals.test.ts': { proves: 'the stand-in host loses no signal, at thousands of moments', minutes: 2 },
  'test/host/tools.test.ts': { proves: '200 guests of the stand-in host at once', minutes: 0.5 },
  'test/house/pages.test.ts': {
    proves: 'the examples of each explain page are what they are said to be',
    minutes: 0.1,
  },
  'test/launcher/faults.test.ts': {
    proves: 'each command of a launcher fails, hangs or is killed: the host is as it was',
    minutes: 8,
  },
  'test/launcher/first-start.test.ts': { proves: 'each limit that is none is refused', minutes: 0.1 },
  'test/launcher/found.test.ts': { proves: 'what once went wrong with launchers goes well', minutes: 0.2 },
  'test/launcher/hooks.test.ts': { proves: 'each hook refuses or complains', minutes: 0.2 },
  'test/launcher/kinds.test.ts': { proves: 'each call of every launcher names a function of it', minutes: 0.1 },
  'test/launcher/lifecycle.test.ts': { proves: 'each end of a guest, and each setting for it', minutes: 0.3 },
  'test/launcher/once.test.ts': { proves: 'each single turn of a guest reports its steps', minutes: 0.2 },
  'test/launcher/quoting.test.ts': { proves: 'a thousand random documents reach bhyve as they are', minutes: 0.5 },
  'test/launcher/shells.test.ts': { proves: 'each story of a guest under each shell', minutes: 0.3 },
  'test/launcher/start.test.ts': {
    proves: 'restart and start know a run by its identity, however short it is',
    minutes: 4,
  },
  'test/launcher/tpm.test.ts': { proves: 'swtpm of a guest, however its launcher ends', minutes: 0.1 },
  'test/launcher/words.test.ts': {
    proves: 'the words of all plans on all targets arrive',
    minutes: 7,
  },
  'test/storage/silence.test.ts': { proves: 'no part of a pool or a volume passes in silence', minutes: 0.2 },
  'test/storage/script.test.ts': {
    proves:
      'each command of the script that makes volumes fails or is killed: no half volume, and the next run makes the rest',
    minutes: 2,
  },
  'test/network/crowd.test.ts': {
    proves: 'fifty guests on one network start, stop and are killed at random, and leave nothing',
    minutes: 2,
    landing: 'twelve of them',
  },
  'test/network/faults.test.ts': {
    proves: 'each command of the script of a network fails or is killed: the host is as it was',
    minutes: 4,
  },
  'test/network/script.test.ts': { proves: 'each state of the host that the script of a network meets', minutes: 0.2 },
  'test/property/compile.property.test.ts': {
    proves: 'what holds for every text, every domain and every host',
    minutes: 0.3,
  },
  'test/property/lock.property.test.ts': {
    proves: 'six thousand edits of a host: no device moves, nothing is given to two guests',
    minutes: 3,
  },
  'test/property/lowerers.test.ts': {
    proves: 'a step of lowering that is missing is told, in each document that it has a part in',
    minutes: 0.5,
  },
  'test/property/memory.property.test.ts': {
    proves: 'fifteen hundred edits of a host that is built again: what is remembered makes no difference',
    minutes: 4,
    landing: 'five hundred edits',
  },
  'test/property/scale.test.ts': {
    proves: 'each list of a document costs work by its length: 300 and 1,200 of each',
    minutes: 2,
  },
  'test/property/silence.test.ts': {
    proves: 'no change of a part of the golden documents, and of twenty times as many made ones, passes in silence',
    minutes: 8,
  },
  'test/recipes/recipes.test.ts': {
    proves:
      'a device, a step, a diagnostic and a difference by the recipes: green at the end, red where a file is left out',
    minutes: 10,
    landing: 'all recipes in one copy, and not each alone as well',
  },
  'test/rehearsal/rehearse.test.ts': { proves: 'a build that is damaged in any way is told', minutes: 0.3 },
  'test/rehearsal/tampered.test.ts': {
    proves: 'two thousand builds, tampered with in any way: nothing outside is touched, nothing is a bug, all ends',
    minutes: 30,
    landing: 'two hundred and forty of them',
  },
  'test/run/console.test.ts': { proves: 'each signal leaves the terminal as it was', minutes: 0.2 },
  'test/run/plan-fields.test.ts': {
    proves: 'fifteen thousand spoilt plans are a sentence, and never a bug',
    minutes: 2,
  },
  'test/run/plan.test.ts': { proves: 'each plan.json that cannot be run is told', minutes: 0.2 },
  'test/run/run.test.ts': { proves: 'each end of a guest and each signal has its exit status', minutes: 0.3 },
  'test/selftest/command.test.ts': { proves: 'the report of the self-test has the published shape', minutes: 0.2 },
  'test/selftest/killed.test.ts': {
    proves: 'the self-test is killed at each of its commands: --clean leaves the host as it was',
    minutes: 100,
    landing: 'each fortieth command of each of its tests',
  },
  'test/selftest/script.test.ts': {
    proves: 'every shell unpacks the files of all releases from the script of the self-test',
    minutes: 1,
  },
  'test/selftest/suite.test.ts': {
    proves: 'all tests of the self-test pass on the stand-in host, on all releases and under all shells',
    minutes: 30,
    landing: 'two releases and a shell',
  },
  'test/selftest/time.test.ts': {
    proves: 'each test of the self-test alone ends within three minutes on a host where nothing ever comes',
    minutes: 0.5,
  },
  'test/selftest/untouched.test.ts': {
    proves: 'the self-test ends, or is killed and cleaned, on hosts with random things of others: they are the same',
    minutes: 6,
    landing: 'twelve of a hundred hosts',
  },
  'test/supervisor/capacity.test.ts': { proves: 'ten guests of a supervisor start, reboot and stop', minutes: 0.1 },
  'test/supervisor/disk.test.ts': { proves: 'each way in which a disk fails the supervisor', minutes: 0.2 },
  'test/supervisor/end.test.ts': { proves: 'SIGTERM at a thousand moments of the life of a supervisor', minutes: 8 },
  'test/supervisor/model/model.test.ts': {
    proves: 'ten thousand random histories of the pure supervisor',
    minutes: 1,
  },
  'test/supervisor/recovery.test.ts': { proves: 'each end of a guest while no supervisor is there', minutes: 0.3 },
  'test/supervisor/torture.test.ts': { proves: 'random histories with real processes, of ten seeds', minutes: 3 },
  'test/supervisor/weaknesses-host.test.ts': {
    proves: "each weakness of libvirt's driver towards the host",
    minutes: 0.2,
  },
  'test/supervisor/weaknesses.test.ts': {
    proves: "each weakness of libvirt's driver that the supervisor does not have",
    minutes: 0.4,
  },
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-full-'));
  const report = path.join(folder, 'report.json');
  const minutes = Number(process.env['BHYVEC_FULL_MINUTES'] ?? '120');
  const size = process.argv.includes('--landing') ? 'landing' : 'all';
  const child = spawn('npx', ['vitest', 'run', ...Object.keys(fullRuns)], {
    cwd: root,
    stdio: 'inherit',
    detached: true,
    env: { ...process.env, BHYVEC_FULL: size, BHYVEC_TEST_REPORT: report },
  });
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
  const timer = setTimeout(() => {
    console.error(`the full runs are not over after ${String(minutes)} minutes`);
    end();
  }, minutes * 60_000);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const { passed, failed: counted } = countsOf(report);
  const failed = status !== 0 && counted === 0 ? 1 : counted;
  rmSync(folder, { recursive: true });
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
