/** The commands of bhyvec with their options and help; what a command does stands in `commands/`, loaded when called. */
import { argvFormats } from '../backends/argv/format.ts';
import { Argument, Command, Option } from 'commander';
import { addConnect, addDomains } from './domains/command.ts';
import { domainCommands } from './domains/help.ts';
import { addHost } from './host/command.ts';
import { addLock } from './lock/command.ts';
import { addInit } from './project/command.ts';
import { addRun } from './run/command.ts';
import {
  addCompileOptions,
  addLockOptions,
  buildFormats,
  checkFormats,
  filesHelp,
  planFormats,
  rehearseFormats,
  type ArgvFlags,
  type BuildFlags,
  type CheckFlags,
  type ExplainFlags,
  type IrFlags,
  type PlanFlags,
  type RehearseFlags,
} from './options.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { UsageError, type ExitStatus, type Terminal } from '../system/terminal.ts';
import { addSupervise } from './supervise/command.ts';

type Finish = (status: ExitStatus) => void;

const examples = {
  bhyvec: [
    ['bhyvec argv guest.xml', 'the command lines that run the guest'],
    ['bhyvec init', 'start a project: bhyvec.json, an example, a .gitignore'],
    ['bhyvec check /vm/', 'find mistakes in all /vm/*.xml'],
    ['bhyvec build /vm/ -o guests', 'write all that runs them, a folder for each'],
    ['bhyvec explain BV0101', 'read what a diagnostic means'],
    ['bhyvec explain guest.xml', 'see where each word of the command line comes from'],
    ['bhyvec host validate', 'on a FreeBSD host: whether it can run guests'],
    ['bhyvec run guest.xml', 'run one there, until it ends'],
    ['bhyvec define guest.xml && bhyvec start guest', 'let the supervisor keep it'],
  ],
  argv: [
    ['bhyvec argv guest.xml', 'loader and bhyve, one line each, quoted for sh'],
    ['bhyvec argv --format wrapped guest.xml', 'one option per line'],
    ['bhyvec argv --only bhyve --format nul guest.xml | xargs -0 -n 1 echo', 'each word as it is'],
    ['virsh dumpxml guest | bhyvec argv -', 'read standard input'],
    ['bhyvec argv --target freebsd-14.3 guest.xml', 'for another release'],
    ['bhyvec argv --compat libvirt guest.xml', "what libvirt's driver would run"],
  ],
  check: [
    ['bhyvec check guest.xml', 'mistakes with the source lines they are in'],
    ["bhyvec check '/vm/**/*.xml' --strict", 'also refuse what has no effect'],
    ['bhyvec check --format sarif /vm/ > bhyvec.sarif', 'for editors and code review'],
  ],
  build: [
    ['bhyvec build', 'all hosts of the project'],
    ['bhyvec build /vm/*.xml -o guests', 'a folder for each guest'],
    ['bhyvec build /vm/ -o guests --check', 'what would change, as a diff; exit status 1 if anything would'],
    ['bhyvec build --watch', 'again whenever a document changes'],
    ['bhyvec build /vm/ -o guests --secrets-from passwords.json', 'VNC passwords from a file of mode 0600'],
  ],
  plan: [
    ['bhyvec plan', 'what a build of the project would change'],
    ['bhyvec plan /vm/ --against guests', 'what would change, guest by guest; exit status 2 if anything would'],
    ['bhyvec plan /vm/ --against guests --format markdown', 'as a comment for a pull request'],
    ['bhyvec plan /vm/ --against-running', 'on the host: what the guests that run would see of it'],
    ['bhyvec -c bhyve+ssh://root@host/system plan /vm/ --against-running', 'those of a supervisor'],
  ],
  rehearse: [
    ['bhyvec rehearse guests', 'run each guest of a build on a stand-in FreeBSD host'],
    ['bhyvec rehearse guests web --release 15.0', 'one guest, on another release than it was built for'],
    ['bhyvec rehearse guests web db --quiet', 'two guests; only what goes wrong is said'],
    ['bhyvec rehearse guests --format json', 'for programs'],
  ],
  explain: [
    ['bhyvec explain BV0101', 'the page of a diagnostic, by code'],
    ['bhyvec explain slot-taken', 'the same, by name'],
    ['bhyvec explain --list', 'all diagnostics, a line each'],
    ['bhyvec explain guest.xml', 'each word of the command line, its XML and its rule'],
  ],
  ir: [['bhyvec ir guest.xml --after allocate', 'the guest once every slot and port is given']],
  target: [
    ['bhyvec target list', 'the hosts that bhyvec knows'],
    ['bhyvec target show freebsd-15.1', 'what one of them offers, as a host profile to start from'],
  ],
} as const;

function helpOf(name: keyof typeof examples): string {
  const width = Math.max(...examples[name].map(([line]) => line.length));
  return ['', 'Examples:', ...examples[name].map(([line, what]) => `  ${line.padEnd(width)}  # ${what}`)].join('\n');
}

function addArgv(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('argv').description('print the command lines that run the guest');
  command
    .argument('[files...]', filesHelp)
    .addOption(new Option('-f, --format <format>', 'how the words are written').choices(argvFormats).default('sh'))
    .addOption(new Option('--only <command>', 'leave out the other command').choices(['loader', 'bhyve']));
  addLockOptions(addCompileOptions(command, false))
    .addHelpText('after', helpOf('argv'))
    .action(async (files: readonly string[]) => {
      const { runArgv } = await import('./commands/argv.ts');
      finish(await runArgv(files, command.opts<ArgvFlags>(), terminal));
    });
}

function addCheck(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('check').description('look for mistakes, write nothing else');
  command
    .argument('[files...]', filesHelp)
    .addOption(new Option('-f, --format <format>', 'text is for people').choices(checkFormats).default('text'));
  addLockOptions(addCompileOptions(command, true))
    .addHelpText('after', helpOf('check'))
    .action(async (files: readonly string[]) => {
      const { runCheck } = await import('./commands/check.ts');
      finish(await runCheck(files, command.opts<CheckFlags>(), terminal));
    });
}

function addBuild(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('build').description('write all that runs the guests, a folder for each');
  command
    .argument('[files...]', filesHelp)
    .option('-o, --output <folder>', 'the folder to write into; that of the project by default')
    .addOption(new Option('-f, --format <format>', 'text is for people').choices(buildFormats).default('text'))
    .option('--backend <list>', 'only some of the files, with commas between the names')
    .option('--check', 'write nothing: print what would change')
    .option('--watch', 'build again whenever a file has changed, until Ctrl-C')
    .option('--locked', 'refuse to change the lock: for builds that nobody watches')
    .option('--prune', 'give away the places of devices and guests that are gone')
    .option('--secrets-from <file>', 'JSON with the VNC passwords of guests, so that their XML needs none');
  addLockOptions(addCompileOptions(command, true))
    .addHelpText('after', helpOf('build'))
    .action(async (files: readonly string[]) => {
      const { runBuild } = await import('./commands/build.ts');
      finish(await runBuild(files, command.opts<BuildFlags>(), terminal));
    });
}

function addPlan(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command('plan')
    .description('say what a build would change for each guest, and what that means');
  command
    .argument('[files...]', filesHelp)
    .option('--against <folder>', 'the folder of the build that there is, or of a checkout of the project')
    .addOption(
      new Option('--against-running', 'the guests that run on this host, or under the supervisor of -c').conflicts(
        'against',
      ),
    )
    .addOption(new Option('-f, --format <format>', 'text is for people').choices(planFormats).default('text'));
  addLockOptions(addCompileOptions(command, false))
    .addHelpText('after', helpOf('plan'))
    .action(async (files: readonly string[]) => {
      const { runPlan } = await import('./commands/plan.ts');
      finish(await runPlan(files, command.optsWithGlobals<PlanFlags>(), terminal));
    });
}

function addRehearse(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('rehearse').description('run the launchers of a build on a stand-in FreeBSD host');
  command
    .argument('[folder]', 'the folder of a build; that of the project without one')
    .argument('[guests...]', 'only these guests')
    .option('--host <host>', 'the host of the project whose build it is')
    .option('--release <release>', 'the FreeBSD release of the stand-in host; that of the build by default')
    .addOption(new Option('-f, --format <format>', 'text is for people').choices(rehearseFormats).default('text'))
    .option('-q, --quiet', 'say nothing of guests that go well')
    .option('--limit <seconds>', 'for each launcher; one that takes longer is killed', '60')
    .option('--edited', 'also run a launcher that was changed since the build')
    .addHelpText('after', helpOf('rehearse'))
    .action(async (folder: string | undefined, guests: readonly string[]) => {
      const flags = command.opts<RehearseFlags>();
      const { builtFolder } = await import('./commands/built-folder.ts');
      const { runRehearse } = await import('./commands/rehearse.ts');
      finish(await runRehearse(folder ?? (await builtFolder(flags.host)), guests, flags, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('explain').description('explain a diagnostic, or the command line of a guest');
  command
    .argument('[what]', 'a code such as BV0101, the name of a diagnostic, or a domain XML file')
    .option('-l, --list', 'list all diagnostics')
    .addOption(new Option('-f, --format <format>', 'of the list').choices(['text', 'json']).default('text'));
  addLockOptions(addCompileOptions(command, false))
    .addHelpText('after', helpOf('explain'))
    .action(async (what: string | undefined) => {
      const { runExplain } = await import('./commands/explain.ts');
      finish(await runExplain(what, command.opts<ExplainFlags>(), terminal));
    });
}

function addIr(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('ir').description('print the intermediate representation of the guest');
  command.argument('<file>', 'a domain XML file, or - for standard input');
  command.requiredOption('--after <pass>', 'the pass after which to look');
  addLockOptions(addCompileOptions(command, false))
    .addHelpText('after', helpOf('ir'))
    .action(async (file: string) => {
      const { runIr } = await import('./commands/ir.ts');
      finish(await runIr(file, command.opts<IrFlags>(), terminal));
    });
}

function addTarget(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program.command('target').description('list the known hosts, or show one');
  command.addHelpText('after', helpOf('target'));
  command
    .command('list')
    .description('list the FreeBSD releases that bhyvec knows')
    .action(async () => {
      const { listTargets } = await import('./commands/target.ts');
      finish(await listTargets(terminal));
    });
  command
    .command('show')
    .description('print a target as a host profile')
    .addArgument(new Argument('<name>', 'as in the list'))
    .action(async (name: string) => {
      const { showTarget } = await import('./commands/target.ts');
      finish(await showTarget(name, terminal));
    });
}

/** `bhyvec help COMMAND...`: what is no command is said, with the one that was probably meant. */
function addHelp(program: Command): void {
  const command = program.command('help').description('print the help of a command').argument('[command...]');
  command.action((words: readonly string[]) => {
    let found = program;
    for (const word of words) {
      const next = found.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next === undefined) {
        const near = nearest(
          word,
          found.commands.map((one) => one.name()),
        );
        const hint = near === null ? "'bhyvec help' lists all" : `did you mean '${near}'?`;
        throw new UsageError(`there is no command '${word}'; ${hint}`);
      }
      found = next;
    }
    found.outputHelp();
  });
}

/** What gives a program one of its commands, or those of a group; the words are their names. */
const commands: Readonly<Record<string, (program: Command, terminal: Terminal, finish: Finish) => void>> = {
  init: addInit,
  argv: addArgv,
  check: addCheck,
  build: addBuild,
  plan: addPlan,
  run: addRun,
  rehearse: addRehearse,
  explain: addExplain,
  ir: addIr,
  target: addTarget,
  lock: addLock,
  host: addHost,
  supervise: addSupervise,
  ...Object.fromEntries(domainCommands.map((name) => [name, addDomains] as const)),
  help: addHelp,
};

/** Those that the words may need: to make all commands takes longer than to do what one of them is for. */
function neededFor([first = '']: readonly string[]): readonly (typeof addArgv)[] {
  if (versionFlags.includes(first)) return [];
  const one = first !== 'help' && Object.hasOwn(commands, first) ? commands[first] : undefined;
  return one === undefined ? [...new Set(Object.values(commands))] : [one];
}

const versionFlags: readonly string[] = ['-V', '--version'];

/**
 * The program, as far as the words of the command line can reach it; `finish` is told the exit status of the command that
 * ran.
 */
export function buildProgram(terminal: Terminal, finish: Finish, words: readonly string[]): Command {
  const program = new Command('bhyvec');
  program
    .description("compiles libvirt domain XML into what runs the guest under FreeBSD's bhyve")
    .version(BHYVEC_VERSION, versionFlags.join(', '), 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', helpOf('bhyvec'))
    .addHelpText('after', '\nExit status: 0 done, 1 mistakes in the input, 2 wrong usage, 70 a bug in bhyvec.')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(`bhyvec: ${text.replace(/^error: /, '')}`);
      },
    });
  addConnect(program);
  for (const add of neededFor(words)) add(program, terminal, finish);
  return program;
}
