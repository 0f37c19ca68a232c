/** A guest that is installed on a stand-in host of its own, with its service, and limits that make waiting short. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rcd } from '../../src/backends/rcd/emit.ts';
import type { Host, HostOptions, Result } from '../host/host.ts';
import { guestXml, hostFor, install, planOf, type GuestOptions } from './guests.ts';

/** To be disposed of when the tests are over. */
export const hosts: Host[] = [];

/** For the environment of the launcher. */
export const limits = {
  BHYVEC_STOP_LIMIT: '2',
  BHYVEC_PRESS_EVERY: '1',
  BHYVEC_FORCE_LIMIT: '1',
  BHYVEC_RESTART_DELAY: '0',
  BHYVEC_NODE_LIMIT: '2',
  // The host that runs the tests may be busy.
  BHYVEC_START_LIMIT: '600',
};

/** The guest. */
export class Guest {
  readonly host: Host;
  readonly launch: string;
  readonly before: string;
  constructor(options: GuestOptions = {}, target = 'freebsd-14.3', hostOptions: HostOptions = {}) {
    const plan = planOf(guestXml(options), target);
    this.host = hostFor(plan, hostOptions);
    hosts.push(this.host);
    this.launch = install(this.host, plan);
    const script = this.host.path('/usr/local/etc/rc.d/bhyve_g');
    mkdirSync(path.dirname(script), { recursive: true });
    writeFileSync(script, rcd.emit(plan)[0]?.text ?? '');
    chmodSync(script, 0o555);
    mkdirSync(this.host.path('/etc/rc.conf.d'), { recursive: true });
    writeFileSync(this.host.path('/etc/rc.conf.d/bhyve_g'), 'bhyve_g_start_limit=600\n');
    this.before = this.look();
  }
  look(): string {
    return this.host.state({ without: ['modules', 'nmdm'], ignore: /^var\/(?:log|db)\b|^usr\/local\/libexec/ });
  }
  async verb(verb: string, env: Readonly<Record<string, string>> = {}): Promise<Result> {
    return await this.host.run(this.launch, [verb], { env: { ...limits, ...env } });
  }
  async service(verb: string): Promise<Result> {
    return await this.host.run('service', ['bhyve_g', verb]);
  }
  starts(): number {
    return this.host.received('g').filter(([program]) => program === 'bhyve').length;
  }
  get isUp(): boolean {
    return (
      existsSync(this.host.path('/var/run/bhyvec/g/running')) &&
      this.host.processes().some(({ label }) => label === 'bhyve g')
    );
  }
  async untilUp(): Promise<void> {
    await this.host.waitFor(() => this.isUp);
    await this.host.waitRunning('g');
  }
}
