/** Options that a guest can do without: left out, with a warning, where the host does not have them. Reports: BV0604. */
import type { Span } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import { facts } from '../../host/releases.ts';
import type { Context } from '../context.ts';

/**
 * Keeps a value where the host has the capability. Without it bhyve would ignore the option in silence, or refuse to
 * start. libvirt does not ask.
 */
export function whereOffered<T>(
  value: T | null,
  capability: Capability,
  at: Span | undefined,
  { host, dialect, reporter }: Context,
): T | null {
  if (value === null || host.capabilities.has(capability) || !dialect.ours('capability-checks')) return value;
  if (at !== undefined) reporter.report('BV0604', at, { feature: facts[capability].what, host: host.name });
  return null;
}
