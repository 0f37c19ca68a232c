/** Networks for tests: compiled, and installed on a stand-in host. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emitNetwork } from '../../src/backends/network/emit.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Compilation, CompileOptions } from '../../src/compile/stages.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { NetworkPlan } from '../../src/ir/network/network-plan.ts';
import { createHost, type Host, type HostOptions, type Result } from '../host/host.ts';

/** Main rules that ask for the anchors of networks. */
export const mainRules = [
  'nat-anchor "bhyvec/*" all',
  'rdr-anchor "bhyvec/*" all',
  'anchor "bhyvec/*" all',
  'pass all',
];

/** A network that has all that a script can make. */
export const everything = `<network>
  <name>lab</name>
  <forward mode='nat'/>
  <bridge name='lab0'/>
  <mtu size='1400'/>
  <domain name='lab.example' localOnly='yes'/>
  <ip address='10.77.0.1' prefix='24'>
    <dhcp><range start='10.77.0.100' end='10.77.0.200'/></dhcp>
  </ip>
  <ip address='fd77::1' family='ipv6' prefix='64'/>
  <route address='10.78.0.0' prefix='24' gateway='10.77.0.2'/>
  <metadata>
    <b:portForward xmlns:b='https://bhyvec.org/xmlns/network/1.0' port='2222' to='10.77.0.10' toPort='22'/>
  </metadata>
</network>`;

/** The options of a compilation for a release. */
export function optionsFor(target = 'freebsd-15.1'): CompileOptions {
  const host = targetProfile(target, 'bhyvec');
  if (host === null) throw new Error(`there is no target ${target}`);
  return { host, dialect: 'bhyvec', schema: 'error', strict: false };
}

/** Compiles a document. */
export function compileText(text: string, options: Partial<CompileOptions> = {}, target?: string): Compilation {
  return compile({ name: 'net.xml', text }, { ...optionsFor(target), ...options });
}

/** The plan of a network that has no mistake. */
export function networkPlan(text: string, target?: string): NetworkPlan {
  const { network, diagnostics } = compileText(text, {}, target);
  if (network?.plan == null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return network.plan;
}

/** One file of a network. */
export function fileOf(plan: NetworkPlan, name: string): string {
  return emitNetwork(plan).find((file) => file.path === name)?.text ?? '';
}

/** Installs the files of a network, and its service; gives the path of its script. */
export function installNetwork(host: Host, plan: NetworkPlan): string {
  const folder = host.path(`/usr/local/libexec/bhyvec/networks/${plan.name}`);
  for (const { path: file, text, mode } of emitNetwork(plan)) {
    const isService = file.startsWith('rc.d/');
    const place = isService ? host.path(`/usr/local/etc/${file}`) : path.join(folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    chmodSync(place, mode);
  }
  return path.join(folder, 'net');
}

/** A network on a host of its own. */
export class Bench {
  readonly host: Host;
  readonly plan: NetworkPlan;
  readonly script: string;
  readonly before: string;
  constructor(text: string = everything, options: HostOptions = {}, target = 'freebsd-15.1') {
    this.plan = networkPlan(text, target);
    this.host = createHost({ release: target.replace('freebsd-', ''), pf: mainRules, ...options });
    this.script = installNetwork(this.host, this.plan);
    this.before = this.look();
  }
  /** Modules stay loaded. */
  look(): string {
    return this.host.state({ without: ['modules'] });
  }
  async verb(verb: string): Promise<Result> {
    return await this.host.run(this.script, [verb]);
  }
  /** The anchor of the network as pf has it. */
  async anchor(): Promise<string> {
    const shows = ['Tables', 'nat', 'rules'].map((what) =>
      this.host.run('pfctl', ['-a', `bhyvec/${this.plan.name}`, '-s', what]),
    );
    return (await Promise.all(shows)).map(({ stdout }) => stdout).join('');
  }
}
