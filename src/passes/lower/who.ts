/** Who it is that cannot have what the XML asks for: bhyve, bhyvec, or libvirt's driver where our dialect could. */
import type { DifferenceName } from '../../dialect/differences.ts';
import type { Context } from '../context.ts';

/** The subject of a sentence. @param row the difference without which libvirt's driver is the one that cannot */
export function whoCannot(row: DifferenceName, own: 'bhyve' | 'bhyvec', { dialect }: Context): string {
  return dialect.ours(row) ? own : "libvirt's driver";
}
