// From bhyve's words to a plan: what it refuses at once, or what it opens on the host and how it then behaves.
// Run as a program it writes the plan as sh assignments and calls for bin/bhyve, so that the process that plays
// the guest is a small shell, and so that an unchanged start need not be parsed again.

import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refusal } from './config-tree.mjs';
import { deviceSteps, uart } from './devices.mjs';
import { checkMachine, findBootrom, findBootvars, hasLpc, highestPin, isMonitor } from './machine.mjs';
import { readCommandLine } from './options.mjs';
import { readInside } from './place.mjs';

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {import('./config-tree.mjs').ConfigTree} config
 * @property {string[]} warnings
 * @property {Record<string, string | number>} facts
 * @property {string[][]} steps
 * @property {string} rom the boot ROM, empty where there is none
 */

/** @param {string[]} words @param {import('./options.mjs').Target} target @returns {Plan} */
export function makePlan(words, target) {
  const { rel, failure, arch } = target;
  const config = readCommandLine(words, target);
  if (rel >= 1301 && config.bool('config.dump', false)) throw new Refusal(1, '', config.lines().join('\n') + '\n');
  const { cpus, memory } = checkMachine(config, target);
  /** @type {string[][]} */
  const steps = [];
  const rom = arch === 'arm64' ? config.get('bootrom') : findBootrom(config, rel);
  if (arch === 'arm64' && rom === undefined) throw new Refusal(failure, 'no boot ROM: bootrom=PATH is mandatory');
  if (rom !== undefined) steps.push(['rom', rom, arch === 'arm64' ? '1' : String(failure)]);
  const vars = rom === undefined ? undefined : findBootvars(config, rel);
  if (vars !== undefined) steps.push(['vars', vars]);
  if (rel >= 1500 && config.has('lpc.bootrom')) config.warnings.push("lpc.bootrom is deprecated: use 'bootrom'");
  steps.push(...deviceSteps(config, target), ...consoleSteps(config, target), ...serviceSteps(config, target));
  if (steps.filter(([kind]) => kind === 'stdio').length > 1) throw new Refusal(failure, 'stdio can be used only once');
  const pin = highestPin(config);
  if (pin >= 0) steps.push(['pin', String(pin)]);
  return {
    name: config.get('name') ?? '',
    config,
    warnings: [...new Set(config.warnings)],
    steps,
    rom: rom ?? '',
    facts: {
      plan_rom: rom === undefined ? 0 : 1,
      plan_acpi: Number(config.bool('acpi_tables', false)),
      plan_wired: Number(config.bool('memory.wired', false)),
      plan_destroys: Number(config.bool('destroy_on_poweroff', false)),
      plan_monitor: Number(isMonitor(config, rel)),
      plan_cpus: cpus,
      plan_memory: memory,
    },
  };
}

/** COM ports exist only on the LPC bridge. @param {import('./config-tree.mjs').ConfigTree} config @param {import('./options.mjs').Target} target */
function consoleSteps(config, { rel, arch, failure }) {
  const keys = arch === 'arm64' ? ['console'] : ['lpc.com1.path', 'lpc.com2.path', 'lpc.com3.path', 'lpc.com4.path'];
  if (arch === 'amd64' && !hasLpc(config)) return [];
  return keys.flatMap((key) => {
    const path = config.get(key);
    return path === undefined ? [] : [uart(path, rel, (message) => new Refusal(failure, `${key}: ${message}`))];
  });
}

/** @param {import('./config-tree.mjs').ConfigTree} config @param {import('./options.mjs').Target} target */
function serviceSteps(config, { rel, failure }) {
  /** @type {string[][]} */
  const steps = [];
  const type = config.get('tpm.type');
  if (type !== undefined && rel >= 1400 && hasLpc(config)) {
    const path = config.get('tpm.path');
    const isKnown = type === 'passthru' || (type === 'swtpm' && rel >= 1403);
    // Only the parser of -l says a version where the user does not: keys without one end in an assertion.
    if (!config.has('tpm.version')) throw new Refusal(134, 'Assertion failed: tpm.version');
    if (!isKnown || path === undefined || config.get('tpm.version') !== '2.0') {
      throw new Refusal(failure, 'invalid TPM configuration');
    }
    steps.push([type === 'swtpm' ? 'peer' : 'node', path]);
  }
  const port = config.int('gdb.port');
  if (port !== undefined && port !== 0) steps.push(['listen', config.get('gdb.address') ?? '127.0.0.1', String(port)]);
  return steps;
}

/** @param {string} word */
export function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The plan in the words of lib/resources.sh. @param {Plan} plan */
export function planScript(plan) {
  const facts = Object.entries(plan.facts).map(([name, value]) => `${name}=${value}`);
  const steps = plan.steps.map(([kind = '', ...words]) => `  open_${kind} ${words.map(quote).join(' ')}`);
  return [
    `plan_name=${quote(plan.name)}`,
    ...facts,
    `plan_rom_file=${quote(plan.rom)}`,
    `plan_warnings=${quote(plan.warnings.join('\n'))}`,
    `plan_open() {\n${[...steps, '  :'].join('\n')}\n}`,
    '',
  ].join('\n');
}

/**
 * The words reach this program through the history record, as raw bytes: Latin-1 keeps each byte one character.
 * @param {string} record @param {string} output @param {number} rel @param {string} arch @param {string} root
 */
function main(record, output, rel, arch, root) {
  const [head = '', , ...fields] = readFileSync(record, 'latin1').split('\0');
  const words = fields.slice(0, Number(head.split(' ')[2]));
  try {
    const plan = makePlan(words, hostTarget(rel, arch, root));
    for (const warning of plan.warnings) process.stderr.write(`bhyve: ${warning}\n`, 'latin1');
    writeFileSync(output, planScript(plan), 'latin1');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.message !== '') process.stderr.write(`bhyve: ${error.message}\n`, 'latin1');
    const stream = error.output.startsWith('Usage') ? process.stderr : process.stdout;
    stream.write(error.output, 'latin1');
    process.exitCode = error.status;
    // An empty plan tells the caller that the exit status is bhyve's.
    writeFileSync(output, '');
  }
}

/** @param {number} rel @param {string} arch @param {string} root @returns {import('./options.mjs').Target} */
export function hostTarget(rel, arch, root) {
  return {
    rel,
    arch,
    // Through 11.x every set-up error ended with 1; for 11.1 to 11.4 that is an assumption.
    failure: rel >= 1200 ? 4 : 1,
    read: (file) => readInside(root, file),
  };
}

const [, program, record, output, rel, arch, root] = process.argv;
if (program !== undefined && root !== undefined && realpathSync(program) === fileURLToPath(import.meta.url)) {
  main(record ?? '', output ?? '', Number(rel), arch ?? 'amd64', root);
}
