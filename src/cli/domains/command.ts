/** The commands for domains, in the words of virsh, and the ones around them; what each does is loaded when called. */
import { Argument, Option, type Command } from 'commander';
import { UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { ConsoleFlags } from './console.ts';
import type { AutostartFlags, DumpFlags, UndefineFlags } from './definitions.ts';
import type { EventFlags } from './events.ts';
import type { DestroyFlags, ShutdownAllFlags, StartFlags, WaitFlags } from './lifecycle.ts';
import type { ListFlags } from './list.ts';
import { domainCommands, helpOf, whole, type DomainCommand } from './help.ts';
import type { DomainFlags } from './session.ts';
import type { StateFlags } from './show.ts';

const group = 'Domains of a supervisor, as in virsh:';
const one = 'a name, a UUID, or the id of a running domain';
const many = 'names, UUIDs, or ids of running domains';
const day = 86_400;

/** What the parts of this file share. */
interface Context {
  /** Makes a command of this group. */
  readonly command: (name: DomainCommand, description: string) => Command;
  /** The same with `--format`. */
  readonly formatted: (name: DomainCommand, description: string) => Command;
  readonly terminal: Terminal;
  readonly finish: (status: ExitStatus) => void;
}

function addLists({ formatted, terminal, finish }: Context): void {
  const list = formatted('list', 'list running domains')
    .option('--all', 'also those that do not run')
    .addOption(new Option('--inactive', 'only those that do not run').conflicts('all'))
    .option('--autostart', 'only those that are started with the host')
    .option('--id', 'print ids, not the table')
    .option('--name', 'print names, not the table')
    .option('--uuid', 'print UUIDs, not the table')
    .option('--title', 'a column with the titles');
  list.action(async () => {
    const { runList } = await import('./list.ts');
    finish(await runList(list.optsWithGlobals<ListFlags>(), terminal));
  });
  const state = formatted('domstate', 'print the state of domains')
    .argument('<domains...>', many)
    .option('--reason', 'also why it is so');
  state.action(async (domains: readonly string[]) => {
    const { runState } = await import('./show.ts');
    finish(await runState(domains, state.optsWithGlobals<StateFlags>(), terminal));
  });
  const info = formatted('dominfo', 'print what is known of domains').argument('<domains...>', many);
  info.action(async (domains: readonly string[]) => {
    const { runInfo } = await import('./show.ts');
    finish(await runInfo(domains, info.optsWithGlobals<DomainFlags>(), terminal));
  });
  const stats = formatted('domstats', 'print counters of domains').argument('[domains...]', `${many}; all by default`);
  stats.action(async (domains: readonly string[]) => {
    const { runStats } = await import('./show.ts');
    finish(await runStats(domains, stats.optsWithGlobals<DomainFlags>(), terminal));
  });
  for (const what of ['id', 'name', 'uuid'] as const) {
    const words = { id: 'ids', name: 'names', uuid: 'UUIDs' }[what];
    const command = formatted(`dom${what}`, `print the ${words} of domains`).argument('<domains...>', many);
    command.action(async (domains: readonly string[]) => {
      const { runName } = await import('./show.ts');
      finish(await runName(what, domains, command.optsWithGlobals<DomainFlags>(), terminal));
    });
  }
}

function addLifecycle({ formatted, terminal, finish }: Context): void {
  const start = formatted('start', 'start domains')
    .argument('<domains...>', many)
    .option('--console', 'attach to the console at once')
    .option('--no-wait', 'return before they run');
  start.action(async (domains: readonly string[]) => {
    const { runStart } = await import('./lifecycle.ts');
    finish(await runStart(domains, start.optsWithGlobals<StartFlags>(), terminal));
  });
  const shutdown = formatted('shutdown', 'ask domains to power off, later by force')
    .argument('<domains...>', many)
    .option('--wait', 'until they are off')
    .addOption(new Option('--mode <mode>', 'as in virsh').choices(['acpi']).hideHelp());
  shutdown.action(async (domains: readonly string[]) => {
    const { runShutdown } = await import('./lifecycle.ts');
    finish(await runShutdown(domains, shutdown.optsWithGlobals<WaitFlags>(), terminal));
  });
  const reboot = formatted('reboot', 'ask domains to restart')
    .argument('<domains...>', many)
    .option('--wait', 'until they run again')
    .option('--cold', 'with a new bhyve, which takes a changed definition')
    .addOption(new Option('--mode <mode>', 'as in virsh').choices(['acpi']).hideHelp());
  reboot.action(async (domains: readonly string[]) => {
    const { runReboot } = await import('./lifecycle.ts');
    finish(await runReboot(domains, reboot.optsWithGlobals<WaitFlags>(), terminal));
  });
  const reset = formatted('reset', 'reset domains at once, as by the button').argument('<domains...>', many);
  reset.action(async (domains: readonly string[]) => {
    const { runReset } = await import('./lifecycle.ts');
    finish(await runReset(domains, reset.optsWithGlobals<DomainFlags>(), terminal));
  });
  const destroy = formatted('destroy', 'end domains at once')
    .argument('<domains...>', many)
    .option('--graceful', 'ask them to power off first');
  destroy.action(async (domains: readonly string[]) => {
    const { runDestroy } = await import('./lifecycle.ts');
    finish(await runDestroy(domains, destroy.optsWithGlobals<DestroyFlags>(), terminal));
  });
  const all = formatted('shutdown-all', 'shut all domains down, the last started first')
    .option('--limit <seconds>', 'then by force', whole(0, day), 300)
    .option('--exit', 'and end the supervisor');
  all.action(async () => {
    const { runShutdownAll } = await import('./lifecycle.ts');
    finish(await runShutdownAll(all.optsWithGlobals<ShutdownAllFlags>(), terminal));
  });
}

function addDefinitions({ command, formatted, terminal, finish }: Context): void {
  const define = formatted('define', 'give the supervisor domains, or change them').argument(
    '<files...>',
    'domain XML: files, directories (their *.xml), quoted patterns, or -',
  );
  define.action(async (files: readonly string[]) => {
    const { runDefine } = await import('./definitions.ts');
    finish(await runDefine(files, define.optsWithGlobals<DomainFlags>(), terminal));
  });
  const undefine = formatted('undefine', 'make the supervisor forget domains')
    .argument('<domains...>', many)
    .option('--nvram', 'remove the variable store')
    .addOption(new Option('--keep-nvram', 'leave the variable store').conflicts('nvram'));
  undefine.action(async (domains: readonly string[]) => {
    const { runUndefine } = await import('./definitions.ts');
    finish(await runUndefine(domains, undefine.optsWithGlobals<UndefineFlags>(), terminal));
  });
  const autostart = formatted('autostart', 'start domains with the host')
    .argument('<domains...>', many)
    .option('--disable', 'no more')
    .option('--order <number>', 'smaller ones first', whole(0, 65_535), 0)
    .option('--delay <seconds>', 'wait before the start', whole(0, day), 0);
  autostart.action(async (domains: readonly string[]) => {
    const { runAutostart } = await import('./definitions.ts');
    finish(await runAutostart(domains, autostart.optsWithGlobals<AutostartFlags>(), terminal));
  });
  const dump = command('dumpxml', 'print the XML of a domain')
    .argument('<domain>', one)
    .option('--inactive', 'the one of the next start')
    .option('--security-info', 'with passwords');
  dump.action(async (domain: string) => {
    const { runDump } = await import('./definitions.ts');
    finish(await runDump(domain, dump.optsWithGlobals<DumpFlags>(), terminal));
  });
}

function addViews({ command, formatted, terminal, finish }: Context): void {
  const console = command('console', 'attach to the serial console; ^] leaves it')
    .argument('<domain>', one)
    .addArgument(new Argument('[port]', 'com1 to com4; the first one by default'))
    .option('--force', 'take it from whoever writes to it')
    .addOption(new Option('--read-only', 'look on').conflicts('force'));
  console.action(async (domain: string, port: string | undefined) => {
    const { runConsole } = await import('./console.ts');
    finish(await runConsole(domain, port, console.optsWithGlobals<ConsoleFlags>(), terminal));
  });
  const event = formatted('event', 'wait for events and print them')
    .option('--domain <domain>', 'only of this one')
    .option('--event <name>', 'only of this kind')
    .addOption(new Option('--all', 'as in virsh').hideHelp())
    .option('--loop', 'not only the first')
    .option('--timeout <seconds>', 'wait no longer', whole(1, 365 * day))
    .option('--timestamp', 'with the time, in UTC')
    .option('--list', 'print the kinds of events');
  event.action(async () => {
    const { runEvent } = await import('./events.ts');
    finish(await runEvent(event.optsWithGlobals<EventFlags>(), terminal));
  });
  const uri = formatted('uri', 'print the URI of the supervisor');
  uri.action(async () => {
    const { runUri } = await import('./show.ts');
    finish(await runUri(uri.optsWithGlobals<DomainFlags>(), terminal));
  });
  const metrics = command('metrics', 'print the metrics for Prometheus');
  metrics.action(async () => {
    const { runMetrics } = await import('./show.ts');
    finish(await runMetrics(metrics.optsWithGlobals<DomainFlags>(), terminal));
  });
  const proxy = command('proxy', 'carry the protocol between standard input, output and the socket, for ssh').option(
    '--socket <path>',
    'the control socket, in place of /var/run/bhyvecd/sock',
  );
  proxy.action(async () => {
    const { runProxy } = await import('../../control/client/proxy.ts');
    const { socket, connect } = proxy.optsWithGlobals<{ readonly socket?: string; readonly connect?: string }>();
    if (connect !== undefined) throw new UsageError('proxy works on this host; --socket names another socket');
    finish(await runProxy(socket, process.env, terminal));
  });
}

/** Adds `-c`, which only the commands for domains have a use for, and `plan` where it asks what runs. */
export function addConnect(program: Command): void {
  program.option('-c, --connect <uri>', 'the supervisor: bhyve:///system, or bhyve+ssh://host/system');
  program.hook('preAction', (_program, action) => {
    const isOurs = action.parent === program && [...domainCommands, 'plan'].includes(action.name());
    if (isOurs || program.opts<DomainFlags>().connect === undefined) return;
    throw new UsageError(`-c has no meaning for ${action.name()}: it does not talk to a supervisor`);
  });
}

/** Adds the commands to a program. */
export function addDomains(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const command: Context['command'] = (name, description) => {
    const made = program.command(name).description(description).helpGroup(group);
    return made.configureHelp({ showGlobalOptions: true }).addHelpText('after', helpOf(name));
  };
  const formatted: Context['formatted'] = (name, description) => {
    const option = new Option('-f, --format <format>', 'text is for people').choices(['text', 'json']).default('text');
    return command(name, description).addOption(option);
  };
  const context: Context = { command, formatted, terminal, finish };
  for (const add of [addLists, addLifecycle, addDefinitions, addViews]) add(context);
}
