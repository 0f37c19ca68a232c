/** A guest on a stand-in host of its own that `bhyvec run` runs as a process. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '../cli/program.ts';
import type { Host, HostOptions, Running } from '../host/host.ts';
import { hosts, limits } from '../launcher/guest.ts';
import { guestXml, hostFor, planOf, takesTerm, type GuestOptions } from '../launcher/guests.ts';

/** A guest that `bhyvec run` runs. */
export class Guest {
  readonly host: Host;
  readonly file: string;
  readonly before: string;
  readonly main: string;
  constructor(
    program: Program,
    options: GuestOptions = {},
    hostOptions: HostOptions = {},
    target = 'freebsd-15.1',
    edit = (text: string): string => text,
  ) {
    this.main = path.join(program.folder, 'dist/bhyvec.mjs');
    const xml = edit(guestXml(options));
    this.host = hostFor(planOf(xml, target), { release: target.replace('freebsd-', ''), ...hostOptions });
    hosts.push(this.host);
    mkdirSync(this.host.path('/var/db/xml'), { recursive: true });
    this.file = this.host.path('/var/db/xml/g.xml');
    writeFileSync(this.file, xml);
    this.before = this.look();
  }
  look(): string {
    return this.host.state({ without: ['modules', 'nmdm', 'rctl'], ignore: /^var\/(?:log|db)\b/ });
  }
  start(words: readonly string[] = [], env: Readonly<Record<string, string>> = {}, file = this.file): Running {
    return this.host.start(process.execPath, [this.main, 'run', ...words, file], { env: { ...limits, ...env } });
  }
  async untilUp(): Promise<void> {
    await this.host.waitFor(
      () =>
        existsSync(this.host.path('/var/run/bhyvec/g/running')) &&
        this.host.processes().some(({ label }) => label === 'bhyve g'),
    );
    await this.host.waitRunning('g');
    // It has read its script once it takes SIGTERM in its own way.
    await this.host.waitFor(() => this.pids().every(takesTerm));
  }
  /** False too while the folder changes under our eyes. */
  get isAsBefore(): boolean {
    try {
      return this.look() === this.before;
    } catch {
      return false;
    }
  }
  /** The report of the run that goes on. */
  report(): string {
    const [folder = ''] = this.folders();
    return readFileSync(this.host.path(`/var/run/${folder}/report`), 'utf8');
  }
  pids(): readonly number[] {
    return this.host.bhyves('g');
  }
  folders(): readonly string[] {
    return readdirSync(this.host.path('/var/run')).filter((name) => name.startsWith('bhyvec-run-'));
  }
}
