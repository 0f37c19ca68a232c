/** What happens when the guest ends (libvirt-compile reference, section 8). */
import type { Located } from '../../diagnostics/source.ts';
import type { LifecycleAction } from '../../frontend/domain.ts';
import type { Machine } from '../../ir/machine.ts';
import type { Action } from '../../ir/plan.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { whoCannot } from './who.ts';

/** The three actions; libvirt's defaults where the XML has none. Reports: BV0840. */
export function lowerLifecycle(domain: CompleteDomain, context: Context): Machine['lifecycle'] {
  const { onPoweroff, onReboot, onCrash } = domain.domain.lifecycle;
  const common: readonly Action[] = ['destroy', 'restart'];
  const ours = context.dialect.ours('lifecycle');
  const ending: readonly Action[] = ours ? [...common, 'preserve'] : common;
  const crash: readonly Action[] = ours ? ending : ['destroy'];
  return {
    onPoweroff: actionOf('on_poweroff', onPoweroff, 'destroy', ending, context),
    onReboot: actionOf('on_reboot', onReboot, 'restart', ending, context),
    onCrash: actionOf('on_crash', onCrash, 'destroy', crash, context),
  };
}

function actionOf(
  element: string,
  found: Located<LifecycleAction> | null,
  fallback: Action,
  accepted: readonly Action[],
  context: Context,
): Action {
  const { reporter, uses } = context;
  if (found === null) return fallback;
  uses.take(found);
  const action = accepted.find((candidate) => candidate === found.value);
  if (action === undefined) {
    const who = whoCannot('lifecycle', 'bhyvec', context);
    reporter.report('BV0840', found.at, { element, who, action: found.value, accepted: accepted.join(', ') });
  }
  return action ?? fallback;
}
