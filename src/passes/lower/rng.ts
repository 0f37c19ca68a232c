/** `<rng>` to virtio-rnd (libvirt-compile reference, section 6.13). */
import type { Origins } from '../../diagnostics/source.ts';
import type { Rng } from '../../frontend/elements/rng.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';

/** Sources of random numbers to virtio-rnd. Reports: BV0577 to BV0579. */
export function lowerRngs(domain: CompleteDomain, context: Context): readonly Device[] {
  return domain.domain.devices.rngs.map((rng, ordinal) => lowerRng(rng, `rng ${String(ordinal)}`, domain, context));
}

function lowerRng(rng: Rng, owner: string, domain: CompleteDomain, context: Context): Device {
  const { dialect, reporter } = context;
  const { model, backend, device, address, at } = rng;
  const anySource = dialect.ours('rng-backend');
  if (model.value !== 'virtio') reporter.report('BV0577', model.at, { model: model.value });
  if (backend.value !== 'random' && !(anySource && backend.value === 'builtin')) {
    reporter.report('BV0578', backend.at, { backend: backend.value });
  }
  const devices = anySource ? ['/dev/random', '/dev/urandom'] : ['/dev/random'];
  if (backend.value === 'random' && device !== null && !devices.includes(device.value)) {
    reporter.report('BV0579', device.at, { device: device.value });
  }
  for (const part of [model, backend, device]) context.uses.take(part);
  const origins: Origins = [at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(rng), address, origins, libvirtPrintsFunction: true },
    context,
  );
  return { kind: 'virtio-rnd', place, origins };
}
