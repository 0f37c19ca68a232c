/** Examples for the help of the commands for domains, and numbers on their command line. */
import { InvalidArgumentError } from 'commander';

const examples = {
  list: [
    ['bhyvec list --all', 'all domains'],
    ['bhyvec -c bhyve+ssh://root@host/system list', 'those of another host'],
    ['bhyvec list --all --format json', 'all that is known of them'],
  ],
  domstate: [['bhyvec domstate web --reason', 'running (booted)']],
  dominfo: [['bhyvec dominfo web', 'memory, autostart, and whether it runs an older definition']],
  domstats: [['bhyvec domstats', 'processor time, memory, network and disks of all']],
  domid: [['bhyvec domid web', 'the process number of its bhyve']],
  domname: [['bhyvec domname 4711', 'which domain a bhyve runs']],
  domuuid: [['bhyvec domuuid web', 'its UUID']],
  start: [
    ['bhyvec start web db', 'two domains, one after the other'],
    ['bhyvec start web --console', 'and see it boot'],
  ],
  shutdown: [['bhyvec shutdown web --wait', 'returns when it is off']],
  reboot: [['bhyvec reboot web --cold', 'with the definition that was given last']],
  reset: [['bhyvec reset web', 'the guest is not asked']],
  destroy: [['bhyvec destroy web --graceful', 'by force only if it does not power off']],
  'shutdown-all': [['bhyvec shutdown-all --limit 120 --exit', 'before the host goes down']],
  define: [
    ['bhyvec define web.xml', 'new, or changed: a running one takes it at its next cold start'],
    ['bhyvec define /vm/', 'all of a folder'],
  ],
  undefine: [['bhyvec undefine web --keep-nvram', 'its disks and its variable store stay']],
  autostart: [['bhyvec autostart db --order 1 --delay 10', 'before those with a larger order']],
  dumpxml: [['bhyvec dumpxml web > web.xml', 'without passwords']],
  console: [
    ['bhyvec console web', '^] or ~. leaves it'],
    ['bhyvec console web com2 --read-only', 'look on while somebody else types'],
    ["echo 'uname -a' | bhyvec console web", 'without a terminal'],
  ],
  event: [
    ['bhyvec event --loop --timestamp', 'until Ctrl-C'],
    ['bhyvec event --domain web --event stopped --timeout 60', 'wait for the end of a domain'],
    ['bhyvec event --loop --format json', 'one JSON object a line'],
  ],
  uri: [['bhyvec uri', 'bhyve:///system']],
  metrics: [['bhyvec metrics', 'in the text format of Prometheus']],
  proxy: [['ssh host bhyvec proxy', 'what bhyve+ssh://host/system does']],
} as const;

/** The name of one of the commands. */
export type DomainCommand = keyof typeof examples;

/** The names of all. */
export const domainCommands: readonly string[] = Object.keys(examples);

/** What stands below the help of a command. */
export function helpOf(name: DomainCommand): string {
  const width = Math.max(...examples[name].map(([line]) => line.length));
  return ['', 'Examples:', ...examples[name].map(([line, what]) => `  ${line.padEnd(width)}  # ${what}`)].join('\n');
}

/** A whole number of the command line within limits. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${String(least)} to ${String(most)}.`);
  };
}
