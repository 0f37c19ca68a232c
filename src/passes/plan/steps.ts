/** What the guest needs on the host, in the order of preparation (freebsd-bhyve reference, section 6.9). */
import { factsOf } from '../../host/release-facts.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Loader, type PlacedMachine } from '../../ir/machine.ts';
import { inOrder, type HostStep } from '../../ir/steps/index.ts';
import type { ConfigEntry } from '../../ir/settings.ts';
import type { Context } from '../context.ts';
import { deviceMapOf } from './loader.ts';

/** The steps of a machine, each once. */
export function hostStepsOf(
  placed: PlacedMachine,
  secrets: readonly ConfigEntry[],
  { host }: Context,
): readonly HostStep[] {
  const { machine, grants } = placed;
  const { origins, limits, cpus, loader, secretsPath, seed } = machine;
  const [at] = origins;
  const ofDevices = allDevices(machine)
    .flatMap((device) => emulationOf(device).hostSteps(device, grants))
    // The launcher makes the volume of cloud-init: it is not there before.
    .filter((step) => step.kind !== 'file' || step.path !== seed?.path);
  const deviceMap = deviceMapOf(machine);
  const tap = ofDevices.find(({ kind }) => kind === 'tap');
  const steps: readonly HostStep[] = [
    { kind: 'module', names: ['vmm'], origins, at },
    ...(tap === undefined
      ? []
      : [{ kind: 'module', names: factsOf(host).tapModules, origins: tap.origins, at: tap.at } as const]),
    ...ofDevices,
    ...(limits[0] === undefined
      ? []
      : [{ kind: 'racct', origins: limits[0].origins, at: limits[0].origins[0] } as const]),
    { kind: 'vcpus', count: cpus.count, origins: cpus.origins, at: cpus.origins[0] },
    ...(loader.kind === 'grub' && deviceMap !== null
      ? [
          {
            kind: 'device-map',
            path: loader.deviceMapPath,
            text: deviceMap,
            origins: loader.origins,
            at: loader.origins[0],
          } as const,
        ]
      : []),
    ...(loader.kind === 'grub' ? grubConfigSteps(loader) : []),
    ...(secrets.length > 0 && secretsPath !== null
      ? [{ kind: 'secrets', path: secretsPath, entries: secrets, origins, at } as const]
      : []),
    ...(seed === null ? [] : [{ kind: 'seed', ...seed } as const]),
  ];
  const unique = new Map(steps.map((step) => [identity(step), step] as const).toReversed());
  return inOrder([...unique.values()].toReversed());
}

/** The grub.cfg of a kernel on the host, and the files that it names. */
function grubConfigSteps({ config, origins }: Loader & { readonly kind: 'grub' }): readonly HostStep[] {
  if (config === null) return [];
  const [at] = origins;
  const { directory, name, text, files } = config;
  return [
    ...files.map(({ path, purpose }): HostStep => {
      const place = { origins: [path.at], at: path.at } as const;
      return { kind: 'file', path: path.value, purpose, access: 'read', ...place };
    }),
    { kind: 'grub-config', path: `${directory}/${name}`, text, origins, at },
  ];
}

/** Two steps that say the same are one: modules and bridges are asked for by many devices. */
function identity(step: HostStep): string {
  return JSON.stringify({ ...step, origins: null, at: null });
}
