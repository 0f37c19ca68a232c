// What bhyve(8) checks after all options are read and before it opens anything: topology, memory, typed keys.

import { Refusal, parseInteger, parseMemory } from './config-tree.mjs';
import { MAIN } from './releases.mjs';

/** @typedef {import('./config-tree.mjs').ConfigTree} ConfigTree */
/** @typedef {import('./options.mjs').Target} Target */

const BOOLEANS = [
  'acpi_tables',
  'acpi_tables_in_memory',
  'config.dump',
  'destroy_on_poweroff',
  'gdb.wait',
  'memory.guest_in_core',
  'memory.wired',
  'monitor',
  'rtc.use_localtime',
  'virtio_msix',
  'x86.mptable',
  'x86.strictio',
  'x86.strictmsr',
  'x86.verbosemsr',
  'x86.vmexit_on_hlt',
  'x86.vmexit_on_pause',
  'x86.x2apic',
];

/** @param {ConfigTree} config @param {Target} target @returns {{ cpus: number, memory: number }} */
export function checkMachine(config, target) {
  const { failure, rel } = target;
  for (const key of BOOLEANS) config.bool(key, false);
  const cpus = countCpus(config, target);
  if (rel < 1302 && cpus > 16) throw new Refusal(failure, `invalid number of CPUs: ${cpus}, maximum 16`);
  const memory = parseMemory(config.get('memory.size') ?? '', rel >= MAIN);
  if (memory === undefined) throw new Refusal(failure, `invalid memory.size ${config.get('memory.size')}`);
  const uuid = config.get('uuid');
  if (uuid !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new Refusal(failure, `invalid UUID: ${uuid}`);
  }
  checkPins(config, target);
  checkDomains(config, target);
  if (rel >= 1301) checkGdb(config, failure);
  return { cpus, memory };
}

/** @param {ConfigTree} config @param {Target} target */
function countCpus(config, { rel, failure }) {
  const given = config.int('cpus');
  const [cores, threads] = [config.int('cores') ?? 1, config.int('threads') ?? 1];
  const fallback = given !== undefined && (rel >= 1301 || !(config.has('cores') || config.has('threads'))) ? given : 1;
  const product = (config.int('sockets') ?? fallback) * cores * threads;
  if (given !== undefined && product !== given) {
    throw new Refusal(rel >= 1301 ? failure : 64, `Topology (${product}) does not match number of vCPUs (${given})`);
  }
  if (product < 1 || product > 65535) throw new Refusal(failure, `invalid number of CPUs: ${product}`);
  return product;
}

/** The key takes ranges in every release, the option only in main. @param {ConfigTree} config @param {Target} target */
function checkPins(config, { failure }) {
  for (const vcpu of config.children('vcpu')) {
    const set = config.get(`vcpu.${vcpu}.cpuset`);
    if (parseInteger(vcpu) === undefined || (set !== undefined && !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(set))) {
      throw new Refusal(failure, `invalid cpuset for vcpu ${vcpu}: '${set}'`);
    }
  }
}

/** @param {ConfigTree} config @returns {number} highest host CPU a pin names, -1 without pins */
export function highestPin(config) {
  let highest = -1;
  for (const vcpu of config.children('vcpu')) {
    for (const number of (config.get(`vcpu.${vcpu}.cpuset`) ?? '').match(/\d+/g) ?? []) {
      highest = Math.max(highest, Number(number));
    }
  }
  return highest;
}

/** @param {ConfigTree} config @param {Target} target */
function checkDomains(config, { rel, failure }) {
  if (rel < 1500 || !config.hasNode('domains')) return;
  for (const id of config.children('domains')) {
    const size = config.get(`domains.${id}.size`);
    if (!/^[0-7]$/.test(id) || (size !== undefined && parseMemory(size, rel >= MAIN) === undefined)) {
      throw new Refusal(failure, `invalid NUMA domain ${id}`);
    }
  }
  if (!config.bool('acpi_tables', false) || findBootrom(config, rel) === undefined) {
    throw new Refusal(failure, 'NUMA domains need ACPI tables and a boot ROM');
  }
}

/** @param {ConfigTree} config @param {number} failure */
function checkGdb(config, failure) {
  const port = config.int('gdb.port');
  if (port !== undefined && (port < 0 || port > 65535)) throw new Refusal(failure, `gdb: invalid port ${port}`);
}

/** Through 14.x the ROM belongs to the LPC bridge and does nothing without it. @param {ConfigTree} config @param {number} rel */
export function findBootrom(config, rel) {
  if (rel < 1500) return hasLpc(config) ? config.get('lpc.bootrom') : undefined;
  return config.get('bootrom') ?? config.get('lpc.bootrom');
}

/** @param {ConfigTree} config */
export function hasLpc(config) {
  return [...config.values].some(([key, value]) => /^pci\.\d+\.\d+\.\d+\.device$/.test(key) && value === 'lpc');
}

/** @param {ConfigTree} config @param {number} rel */
export function findBootvars(config, rel) {
  if (rel < 1302) return undefined;
  return (rel >= 1500 ? config.get('bootvars') : undefined) ?? config.get('lpc.bootvars');
}

/** @param {ConfigTree} config @param {number} rel */
export function isMonitor(config, rel) {
  return rel >= MAIN && config.bool('monitor', false);
}
