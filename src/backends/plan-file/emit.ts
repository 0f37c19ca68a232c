/** The plan as a file with a version, for programs: `schemas/plan.schema.json` describes it. Secrets are left out. */
import type { Backend } from '../backend.ts';
import type { Command, HostStep, Plan, Word } from '../../ir/plan.ts';
import { commandLines } from '../argv/emit.ts';
import { origin } from '../text/origin.ts';

/** Version of the file's shape; a reader refuses one that it does not know. */
export const planVersion = 1;

/** What stands in place of a secret. */
const hidden = '<secret>';

export const planBackend: Backend = {
  name: 'plan',
  summary: 'the plan as JSON, for programs',
  emit(plan) {
    return [{ path: 'plan.json', mode: 0o644, text: `${JSON.stringify(planObject(plan), null, 2)}\n`, secret: false }];
  },
};

function planObject(plan: Plan): object {
  const {
    vmname,
    arch,
    target,
    demand,
    steps,
    onPoweroff,
    onReboot,
    onCrash,
    acpi,
    limits,
    cpuset,
    consoles,
    startAfter,
  } = plan;
  return {
    version: planVersion,
    vmname,
    arch,
    target,
    source: origin(plan.origins),
    demand,
    steps: steps.map(stepObject),
    loader: plan.loader === null ? null : commandObject(plan.loader),
    deviceMap: plan.deviceMap,
    bhyve: commandObject(plan.bhyve),
    config: plan.settings.flatMap(({ entries }) =>
      entries.map(({ key, value, secret }) => ({ key, value: secret === true ? hidden : value })),
    ),
    lifecycle: { onPoweroff, onReboot, onCrash, acpi },
    limits: limits.map(({ rule }) => rule),
    cpuset,
    consoles,
    startAfter,
    commands: commandLines(plan).map(({ role }) => role),
  };
}

function commandObject({ program, words }: Command): readonly object[] {
  return [program, ...words].map(({ text, origins, rule, secret }: Word) => ({
    word: secret === null ? text : text.replaceAll(secret, hidden),
    from: origin(origins),
    rule,
  }));
}

function stepObject(step: HostStep): object {
  const { origins, ...rest } = step;
  const shown = rest.kind === 'secrets' ? { kind: rest.kind, path: rest.path } : rest;
  return { ...shown, from: origin(origins) };
}
