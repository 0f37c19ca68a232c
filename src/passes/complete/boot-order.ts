/** The boot order of devices and of `<os>` (libvirt-compile reference, section 11.1). Reports: BV0415, BV0416. */
import type { Located } from '../../diagnostics/source.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Context } from '../context.ts';
import type { CompleteDomain } from './complete-domain.ts';

/** Checks the boot orders, and gives the `<boot dev>` list that counts. */
export function completeBootDevs(domain: Domain, { reporter }: Context): CompleteDomain['bootDevs'] {
  const { disks, interfaces, hostdevs, others } = domain.devices;
  const orders = [...disks, ...interfaces, ...hostdevs, ...others].flatMap(({ bootOrder }) => bootOrder ?? []);
  const seen = new Map<number, Located<number>>();
  for (const order of orders) {
    const other = seen.get(order.value);
    if (other === undefined) seen.set(order.value, order);
    else {
      reporter.report(
        'BV0415',
        order.at,
        { order: order.value },
        { notes: [{ span: other.at, text: 'the other device' }] },
      );
    }
  }
  const { bootDevs } = domain.os;
  const first = orders[0];
  if (first === undefined) return bootDevs.length > 0 ? bootDevs : [{ value: 'hd', at: domain.os.at }];
  if (bootDevs[0] !== undefined) {
    reporter.report('BV0416', bootDevs[0].at, {}, { notes: [{ span: first.at, text: 'the boot order of a device' }] });
  }
  return [];
}
