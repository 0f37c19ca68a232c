/** `bhyvec define`, `undefine`, `autostart` and `dumpxml`. */
import { printable } from '../../diagnostics/printable.ts';
import { expandOperands, readInput } from '../../documents/inputs.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { explainFailure, forEachDomain, printFindings, printJson, withSession, type DomainFlags } from './session.ts';

/** Options of `bhyvec undefine`. */
export interface UndefineFlags extends DomainFlags {
  readonly nvram?: boolean;
  readonly keepNvram?: boolean;
}

/** Options of `bhyvec autostart`. */
export interface AutostartFlags extends DomainFlags {
  readonly disable?: boolean;
  readonly order: number;
  readonly delay: number;
}

/** Options of `bhyvec dumpxml`. */
export interface DumpFlags extends DomainFlags {
  readonly inactive?: boolean;
  readonly securityInfo?: boolean;
}

const quoted = (name: string): string => `'${printable(name)}'`;

/** The text of a file, or what is wrong with it. */
async function textOf(input: {
  readonly name: string;
  readonly path: string | null;
}): Promise<{ readonly text: string } | { readonly problem: string }> {
  const bytes = await readInput(input);
  if ('problem' in bytes) return bytes;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `${input.name}: is not UTF-8 text; 'bhyvec check' shows the byte` };
  }
}

/** Runs `bhyvec define`. */
export async function runDefine(files: readonly string[], flags: DomainFlags, terminal: Terminal): Promise<ExitStatus> {
  return await withSession(flags, terminal, async (session) => {
    let status: ExitStatus = exitStatus.done;
    const defined: unknown[] = [];
    for (const input of await expandOperands(files)) {
      const read = 'problem' in input ? input : await textOf(input);
      if ('problem' in read || 'problem' in input) {
        terminal.err(`bhyvec: ${'problem' in read ? read.problem : ''}\n`);
        status = exitStatus.mistakes;
        continue;
      }
      try {
        const result = await session.client.call('domain.define', { xml: read.text, name: input.name });
        printFindings(result.diagnostics, terminal);
        defined.push({ ok: true, ...result });
        const later = result.changedSinceStart ? '; it runs, and takes this at its next cold start' : '';
        const text = `Domain ${quoted(result.name)} defined from ${printable(input.name)}${later}\n`;
        if (!session.isJson) await terminal.out(text);
      } catch (failure) {
        defined.push({ ok: false, file: input.name, error: await explainFailure(session, '', failure) });
        status = exitStatus.mistakes;
      }
    }
    if (session.isJson) await printJson(terminal, { domains: defined });
    return status;
  });
}

/** Runs `bhyvec undefine`. */
export async function runUndefine(
  domains: readonly string[],
  flags: UndefineFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const nvram = flags.nvram === true ? 'remove' : flags.keepNvram === true ? 'keep' : null;
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.undefine', { domain, nvram });
      const later = result.transient ? '; it runs, and is forgotten when it ends' : '';
      return { ...result, text: `Domain ${quoted(result.name)} has been undefined${later}\n` };
    }),
  );
}

/** Runs `bhyvec autostart`. */
export async function runAutostart(
  domains: readonly string[],
  flags: AutostartFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const enable = flags.disable !== true;
  const { order, delay: delaySeconds } = flags;
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.autostart', { domain, enable, order, delaySeconds });
      return { ...result, text: `Domain ${quoted(result.name)} ${enable ? 'marked' : 'unmarked'} as autostarted\n` };
    }),
  );
}

/** Runs `bhyvec dumpxml`. */
export async function runDump(domain: string, flags: DumpFlags, terminal: Terminal): Promise<ExitStatus> {
  return await withSession(flags, terminal, async (session) => {
    const inactive = flags.inactive ?? false;
    const secrets = flags.securityInfo ?? false;
    try {
      const { xml } = await session.client.call('domain.xml', { domain, inactive, secrets });
      await terminal.out(xml.endsWith('\n') ? xml : `${xml}\n`);
      return exitStatus.done;
    } catch (failure) {
      await explainFailure(session, domain, failure);
      return exitStatus.mistakes;
    }
  });
}
