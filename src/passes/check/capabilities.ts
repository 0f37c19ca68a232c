/**
 * What the machine requires against what the host offers. Needs: a machine without errors. Gives: the host can run it.
 * Reports: BV0603.
 */
import type { Capability } from '../../host/capabilities.ts';
import { facts } from '../../host/releases.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';
import type { Origins } from '../../diagnostics/source.ts';
import type { Context } from '../context.ts';

/** The capabilities that libvirt's driver asks for before it builds a command. */
const askedByLibvirt: readonly Capability[] = [
  'bootrom', 'cpu-topology', 'e1000', 'fbuf', 'hda', 'numa', 'nvme', 'vnc-password',
]; // prettier-ignore

interface Requirement {
  readonly capability: Capability;
  readonly origins: Origins;
}

/** Reports each thing that the machine needs and the host does not have; as a warning what libvirt takes for granted. */
export function checkCapabilities(machine: Machine, { host, dialect, reporter }: Context): void {
  const counts = (capability: Capability): boolean =>
    dialect.ours('capability-checks') || askedByLibvirt.includes(capability);
  for (const { capability, origins } of requirementsOf(machine)) {
    if (host.capabilities.has(capability)) continue;
    const lacking = { feature: facts[capability].what, host: host.name };
    // libvirt writes the words without asking: whether bhyve ends at them or passes over them, the guest is another one.
    reporter.report('BV0603', origins[0], lacking, counts(capability) ? {} : { severity: 'warning' });
  }
}

function requirementsOf(machine: Machine): readonly Requirement[] {
  const { cpus, memory, rundir, origins } = machine;
  const [firstDomain] = memory.numa;
  const ofMachine: readonly (Requirement | null)[] = [
    cpus.topology === null ? null : { capability: 'cpu-topology', origins: cpus.origins },
    cpus.pins[0] === undefined ? null : { capability: 'vcpu-pinning', origins: cpus.pins[0].origins },
    memory.wired ? { capability: 'wired-memory', origins: memory.wiredOrigins } : null,
    firstDomain === undefined ? null : { capability: 'numa', origins: firstDomain.origins },
    machine.smbios[0] === undefined ? null : { capability: 'smbios', origins: machine.smbios[0].origins },
    rundir === null ? null : { capability: 'monitor', origins },
  ];
  const ofDevices = allDevices(machine).flatMap((device) =>
    emulationOf(device)
      .requires(device)
      .map((wish) =>
        typeof wish === 'string'
          ? { capability: wish, origins: device.origins }
          : { capability: wish.value, origins: [wish.at] as const },
      ),
  );
  const ofRaw = machine.raw.flatMap(({ requires, words }) =>
    requires.map((capability) => ({ capability, origins: words[0]?.origins ?? origins })),
  );
  return [...ofMachine.filter((requirement) => requirement !== null), ...ofDevices, ...ofRaw];
}
