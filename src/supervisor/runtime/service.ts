/** Answers the calls of the control protocol: what changes something goes through the pump, the rest is read. */
import { existsSync } from 'node:fs';
import type { Request } from '../machine/event.ts';
import type { Guest } from '../machine/state.ts';
import { findGuest, viewOf, viewsOf } from '../machine/view.ts';
import { failure, protocolVersion, type Service } from '../../control/protocol.ts';
import type { Compiler } from '../compiler-contract.ts';
import type { Observers } from './observers.ts';
import type { Supervisor } from './supervisor.ts';

/** What the service is made of. */
export interface ServiceOptions {
  readonly supervisor: Supervisor;
  readonly compiler: Compiler;
  readonly observers: Observers;
  readonly version: string;
  /** Ends the supervisor; guests go on. */
  readonly exit: () => void;
}

type Result = Readonly<Record<string, string | number | boolean | null>>;

function textIn(result: Result, key: string): string {
  const value = result[key];
  return typeof value === 'string' ? value : '';
}

function numberIn(result: Result, key: string): number | null {
  const value = result[key];
  return typeof value === 'number' ? value : null;
}

/** Makes the service. */
export function createService(options: ServiceOptions): Service {
  const { supervisor, compiler, observers } = options;
  const { pump, requests, paths } = supervisor;

  async function ask(request: Request): Promise<Result> {
    const { id, answer } = requests.ask();
    pump.post({ kind: 'request', id, request });
    return (await answer).result;
  }

  function guestNamed(domain: string): Guest {
    const guest = findGuest(pump.state(), domain);
    if (guest === null) throw failure('no such domain', `there is no domain ${domain}`);
    return guest;
  }

  function define(xml: string, name: string): ReturnType<Service['domain.define']> {
    const compiled = compiler.compile(xml, name);
    if (!compiled.ok) throw failure('bad definition', compiled.message, compiled.diagnostics);
    const { guest, definition, diagnostics } = compiled;
    return ask({ method: 'define', guest, definition }).then((result) => ({
      name: guest,
      uuid: definition.facts.uuid,
      created: result['created'] === true,
      changedSinceStart: result['changedSinceStart'] === true,
      diagnostics,
    }));
  }

  return {
    'supervisor.hello': async () =>
      await Promise.resolve({
        protocol: protocolVersion,
        version: options.version,
        pid: process.pid,
        since: supervisor.since,
      }),
    'supervisor.close': async ({ limitSeconds, exit }) => {
      const result = await ask({ method: 'close', limit: limitSeconds * 1000, exit });
      return { stopped: numberIn(result, 'stopped') ?? 0 };
    },
    'supervisor.exit': async () => {
      // The socket closes its connections in a later turn of the event loop (control.ts): this answer is written by then.
      options.exit();
      return await Promise.resolve({});
    },
    'supervisor.metrics': async () => ({ text: await observers.metrics() }),
    'domain.list': async () => await Promise.resolve({ domains: viewsOf(pump.state()) }),
    'domain.info': async ({ domain }) => await Promise.resolve(viewOf(guestNamed(domain))),
    'domain.stats': async ({ domains }) => {
      const guests = domains.length === 0 ? Object.values(pump.state().guests) : domains.map(guestNamed);
      return { domains: await observers.statistics(guests) };
    },
    'domain.xml': async ({ domain, inactive, secrets }) => {
      const guest = guestNamed(domain);
      const { xml } = inactive ? guest.definition : (guest.runs ?? guest.definition);
      return await Promise.resolve({ xml: secrets ? xml : compiler.withoutSecrets(xml) });
    },
    'domain.define': async ({ xml, name }) => await define(xml, name),
    'domain.undefine': async ({ domain, nvram }) => {
      const guest = guestNamed(domain);
      const store = guest.definition.facts.nvram;
      const nvramExists = store !== null && existsSync(paths.inside(store));
      const result = await ask({ method: 'undefine', guest: guest.name, nvram, nvramExists });
      return { name: guest.name, transient: result['transient'] === true };
    },
    'domain.autostart': async ({ domain, enable, order, delaySeconds }) => {
      const guest = guestNamed(domain).name;
      const autostart = enable ? { order, delay: Math.round(delaySeconds * 1000) } : null;
      await ask({ method: 'autostart', guest, autostart });
      return { name: guest };
    },
    'domain.start': async ({ domain, wait }) => {
      const guest = guestNamed(domain).name;
      return { name: guest, id: numberIn(await ask({ method: 'start', guest, wait }), 'id') };
    },
    'domain.shutdown': async ({ domain, wait }) => {
      const guest = guestNamed(domain).name;
      const means = textIn(await ask({ method: 'shutdown', guest, wait }), 'means');
      return { name: guest, means: means === '' ? null : means };
    },
    'domain.reboot': async ({ domain, wait, cold }) => {
      const guest = guestNamed(domain).name;
      return { name: guest, id: numberIn(await ask({ method: 'reboot', guest, wait, cold }), 'id') };
    },
    'domain.reset': async ({ domain }) => {
      const guest = guestNamed(domain).name;
      await ask({ method: 'reset', guest });
      return { name: guest };
    },
    'domain.destroy': async ({ domain }) => {
      const guest = guestNamed(domain).name;
      const means = textIn(await ask({ method: 'destroy', guest }), 'means');
      return { name: guest, means: means === '' ? null : means };
    },
    'event.subscribe': async ({ domain }, session) => {
      observers.subscribe(domain === null ? null : guestNamed(domain).name, session);
      return await Promise.resolve({});
    },
    'event.unsubscribe': async (_, session) => {
      observers.unsubscribe(session);
      return await Promise.resolve({});
    },
    'console.open': async ({ domain, ...request }, session) =>
      await Promise.resolve(observers.openConsole(guestNamed(domain).name, request, session)),
    'console.write': async ({ console: number, data }, session) =>
      await Promise.resolve({ bytes: observers.writeConsole(number, Buffer.from(data, 'base64'), session) }),
    'console.close': async ({ console: number }, session) => {
      observers.closeConsole(number, session);
      return await Promise.resolve({});
    },
  };
}
