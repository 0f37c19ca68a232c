/** `<dns>` (formatnetwork, "Addressing"). */
import { readNumber, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { need } from '../need.ts';
import type { Dns, Service } from './network.ts';

/** Reads it. */
export function readDns(dns: ElementReader | null): Dns | null {
  if (dns === null) return null;
  const { at, reporter } = dns;
  return {
    at,
    enabled: readYesNo(dns.attribute('enable'), 'enable', reporter),
    forwardPlainNames: readYesNo(dns.attribute('forwardPlainNames'), 'forwardPlainNames', reporter),
    forwarders: dns.children('forwarder').flatMap((one) => {
      const [domain, address] = [one.attribute('domain'), one.attribute('addr')];
      if (domain === null && address === null)
        reporter.report('BV0310', one.at, { element: 'forwarder', part: 'addr attribute' });
      return domain === null && address === null ? [] : [{ at: one.at, domain, address }];
    }),
    texts: dns.children('txt').flatMap((txt) => {
      const [name, value] = [need(txt, 'name'), need(txt, 'value')];
      return name === null || value === null ? [] : [{ name, value }];
    }),
    hosts: dns.children('host').flatMap((host) => {
      const ip = need(host, 'ip');
      const names = host.children('hostname').flatMap((name) => name.filledText() ?? []);
      if (names.length === 0) reporter.report('BV0310', host.at, { element: 'host', part: 'hostname' });
      return ip === null || names.length === 0 ? [] : [{ ip, names }];
    }),
    services: dns.children('srv').flatMap(readService),
  };
}

function readService(srv: ElementReader): readonly Service[] {
  const { at, reporter } = srv;
  const [service, protocol] = [need(srv, 'service'), need(srv, 'protocol')];
  const number = (name: string): ReturnType<typeof readNumber> =>
    readNumber(srv.attribute(name), `the ${name} of a service`, reporter, { max: 65_535 });
  const rest = { domain: srv.attribute('domain'), target: srv.attribute('target') };
  const numbers = { port: number('port'), priority: number('priority'), weight: number('weight') };
  return service === null || protocol === null ? [] : [{ at, service, protocol, ...rest, ...numbers }];
}
