/** What all commands for domains share: the connection, one domain after the other, and what is said when it fails. */
import { jsonLine } from '../../diagnostics/json.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { printable } from '../../diagnostics/printable.ts';
import { CallFailure, errorCodes } from '../../control/protocol.ts';
import type { RpcError } from '../../control/wire-answers.ts';
import { connectTo, type Client } from '../../control/client/client.ts';
import { ConnectionProblem } from '../../control/client/problem.ts';
import { chooseUri } from '../../control/client/uri.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** The options that all of them have. */
export interface DomainFlags {
  readonly connect?: string;
  readonly format?: 'text' | 'json';
}

/** A command that has connected. */
export interface Session {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly isJson: boolean;
}

/** What `--format json` says of a domain that a command was done for, or was not. */
type Outcome =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | { readonly ok: false; readonly domain: string; readonly error: RpcError };

async function hintFor(client: Client, domain: string, error: RpcError): Promise<string> {
  if (error.code === errorCodes.nvram) return '; --nvram removes it, --keep-nvram keeps it';
  if (error.code !== errorCodes['no such domain']) return '';
  const { domains } = await client.call('domain.list', {});
  const near = nearest(
    domain,
    domains.map(({ name }) => name),
  );
  return near === null ? "; 'bhyvec list --all' shows all" : `; did you mean '${near}'?`;
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '?';
}

/** A finding of the compiler, which arrives as `bhyvec check --format json` prints it. */
function findingLines(finding: Readonly<Record<string, unknown>>): string {
  const place = ['file', 'line', 'column'].map((name) => word(finding[name])).join(':');
  const what = `${word(finding['severity'])}[${word(finding['code'])} ${word(finding['name'])}]`;
  const help = typeof finding['help'] === 'string' ? `   = help: ${printable(finding['help'])}\n` : '';
  return `${place}: ${what}: ${word(finding['message'])}\n${help}`;
}

/** Prints findings to standard error. */
export function printFindings(findings: readonly Readonly<Record<string, unknown>>[], terminal: Terminal): void {
  for (const finding of findings) terminal.err(findingLines(finding));
}

/** Says on standard error why a call failed; what is no refusal is thrown on. */
export async function explainFailure(session: Session, domain: string, failure: unknown): Promise<RpcError> {
  if (!(failure instanceof CallFailure)) throw failure;
  const { error } = failure;
  printFindings(error.data?.diagnostics ?? [], session.terminal);
  const hint = await hintFor(session.client, domain, error);
  session.terminal.err(`bhyvec: ${printable(error.message)}${hint}\n`);
  return error;
}

/** Prints a value for programs. */
export async function printJson(terminal: Terminal, value: unknown): Promise<void> {
  await terminal.out(`${jsonLine(value)}\n`);
}

/** Connects, works, and disconnects. What the supervisor or the way to it refuses is said in a sentence. */
export async function withSession(
  flags: DomainFlags,
  terminal: Terminal,
  work: (session: Session) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  let client: Client | null = null;
  try {
    client = await connectTo(chooseUri(flags.connect, process.env), process.env);
    return await work({ client, terminal, isJson: flags.format === 'json' });
  } catch (error) {
    if (!(error instanceof ConnectionProblem) && !(error instanceof CallFailure)) throw error;
    terminal.err(`bhyvec: ${printable(error.message)}\n`);
    return exitStatus.mistakes;
  } finally {
    client?.close();
  }
}

/** Does one thing for each domain; all are tried, and the exit status is that of the worst. */
export async function forEachDomain(
  session: Session,
  domains: readonly string[],
  work: (domain: string) => Promise<Readonly<Record<string, unknown>> & { readonly text: string }>,
): Promise<ExitStatus> {
  const outcomes: Outcome[] = [];
  for (const domain of domains) {
    try {
      const { text, ...result } = await work(domain);
      outcomes.push({ ok: true, ...result });
      if (!session.isJson) await session.terminal.out(text);
    } catch (failure) {
      outcomes.push({ ok: false, domain, error: await explainFailure(session, domain, failure) });
    }
  }
  if (session.isJson) await printJson(session.terminal, { domains: outcomes });
  return outcomes.every(({ ok }) => ok) ? exitStatus.done : exitStatus.mistakes;
}
