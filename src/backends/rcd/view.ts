/** What the template of the rc.d script places. */
import type { Plan } from '../../ir/plan.ts';
import { buildDirectory, limits } from '../../ir/host.ts';
import { rcName } from '../../ir/names.ts';
import { stepsOf } from '../../ir/steps/index.ts';
import { baseName } from '../text/place.ts';

/** All of the script that depends on the guest. */
export interface RcdView {
  readonly vm: string;
  readonly source: string;
  readonly target: string;
  readonly name: string;
  readonly desc: string;
  readonly launcher: string;
  /** The services that must start before this one. */
  readonly after: readonly string[];
  /** In seconds. */
  readonly startLimit: number;
  readonly stopLimit: number;
  readonly defaults: readonly { readonly variable: string; readonly value: string }[];
}

/** Makes the view. */
export function rcdView({ vmname, origins, target, steps, startAfter }: Plan): RcdView {
  const name = rcName(vmname);
  const launcher = `${buildDirectory}/${vmname}/launch`;
  return {
    vm: vmname,
    source: baseName(origins[0].source.name),
    target,
    name,
    desc: `bhyve guest ${vmname}`,
    launcher,
    after: [...new Set(networksOf(steps)), ...startAfter.map(({ value }) => rcName(value))],
    startLimit: limits.start,
    stopLimit: limits.stop,
    defaults: [
      { variable: `${name}_enable`, value: 'NO' },
      { variable: `${name}_launcher`, value: launcher },
      { variable: `${name}_login_class`, value: 'daemon' },
      { variable: `${name}_start_limit`, value: String(limits.start) },
      { variable: `${name}_stop_limit`, value: String(limits.stop) },
    ],
  };
}

/** The services that make the bridges of the guest. */
function networksOf(steps: Plan['steps']): readonly string[] {
  return stepsOf(steps, 'bridge').flatMap(({ service }) => service ?? []);
}
