/** What the launcher calls for each kind of step is there in the script, and what one kind has noted every launcher can unmake. */
import { expect, test } from 'vitest';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { launcherView } from '../../src/backends/launcher/view.ts';
import { stepKinds, steps } from '../../src/ir/steps/index.ts';
import { oneOf } from '../full.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase } from '../golden/run.ts';
import { guestXml, planOf } from './guests.ts';

function functionsOf(script: string): ReadonlySet<string> {
  return new Set([...script.matchAll(/^(\w+)\(\) \{/gm)].flatMap(([, name]) => name ?? []));
}

const plans = oneOf(4, findCases()).flatMap((one) => compiledCase(one, one.dialects[0]).plan ?? []);

test('each call of a launcher names a function of it', () => {
  const missing = plans.flatMap((plan) => {
    const known = functionsOf(launcher.emit(plan)[0]?.text ?? '');
    const { looks, makes, starts, restarts } = launcherView(plan);
    return [looks, makes, starts, restarts].flat().flatMap(({ call: [name] }) => (known.has(name) ? [] : [name]));
  });
  expect([...new Set(missing)]).toEqual([]);
});

test('a guest without a kind unmakes what an older launcher has noted', () => {
  const known = functionsOf(launcher.emit(planOf(guestXml()))[0]?.text ?? '');
  const notes = stepKinds.flatMap((kind) => steps[kind].launcher.notes);
  expect(notes.filter((note) => !known.has(`undo_${note}`))).toEqual([]);
});
