/** What happens when the guest ends, and limits on resources (libvirt-compile reference, sections 8 and 13). */
import type { Located } from '../../diagnostics/source.ts';
import type { LifecycleAction } from '../../frontend/domain.ts';
import type { Machine } from '../../ir/machine.ts';
import type { Action, ResourceRule } from '../../ir/plan.ts';
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

/** Limits for rctl(8), in the order in which libvirt sets them. Reports: BV0841 to BV0845. */
export function lowerLimits(domain: CompleteDomain, context: Context): readonly ResourceRule[] {
  const { host, reporter } = context;
  const { blkio, memtune } = domain.domain;
  const [device, second] = blkio;
  if (second !== undefined) reporter.report('BV0841', second.at, {});
  if (device !== undefined && device.path.value !== '*') reporter.report('BV0841', device.path.at, {});
  if (device?.weight != null && device.weight.value !== 0) reporter.report('BV0842', device.weight.at, {});
  for (const { name, at } of memtune.others) reporter.report('BV0843', at, { name });
  const throttles =
    device === undefined
      ? []
      : ([
          ['readiops', device.readIops],
          ['writeiops', device.writeIops],
          ['readbps', device.readBps],
          ['writebps', device.writeBps],
        ] as const);
  for (const part of [device?.path, device?.weight, ...throttles.map(([, limit]) => limit)]) context.uses.take(part);
  const rules = throttles.flatMap(([resource, limit]): readonly ResourceRule[] =>
    limit === null || limit.value === 0
      ? []
      : [{ rule: `${resource}:throttle=${String(limit.value)}`, origins: [limit.at] }],
  );
  const { hardLimitKib } = memtune;
  const memory: readonly ResourceRule[] =
    hardLimitKib === null
      ? []
      : [{ rule: `memoryuse:deny=${String(hardLimitKib.value * 1024n)}`, origins: [hardLimitKib.at] }];
  const all = [...rules, ...memory];
  const limited = device?.at ?? hardLimitKib?.at;
  if (limited !== undefined && !host.privileged) reporter.report('BV0844', limited, {});
  return all;
}
