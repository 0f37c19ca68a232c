/** `<filesystem>` to virtio-9p (libvirt-compile reference, section 6.12). */
import type { Origins } from '../../diagnostics/source.ts';
import type { Filesystem } from '../../frontend/elements/filesystem.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';
import { checkEquals, checkPath, checkWord } from './words.ts';

/** File systems to virtio-9p. Reports: BV0575. */
export function lowerFilesystems(domain: CompleteDomain, context: Context): readonly Device[] {
  return domain.domain.devices.filesystems.map((filesystem, ordinal) =>
    lowerFilesystem(filesystem, `filesystem ${String(ordinal)}`, domain, context),
  );
}

function lowerFilesystem(filesystem: Filesystem, owner: string, domain: CompleteDomain, context: Context): Device {
  const { reporter } = context;
  const { type, driver, accessmode, source, target, readonly: ro, address, at } = filesystem;
  const refuse = (part: string, found: { readonly value: string; readonly at: Origins[0] }, accepted: string): void => {
    reporter.report('BV0575', found.at, { part, value: found.value, accepted });
  };
  if (type.value !== 'mount') refuse('type', type, "type='mount'");
  if (driver !== null) refuse('driver', driver, 'no <driver>');
  if (accessmode.value !== 'passthrough') refuse('accessmode', accessmode, "accessmode='passthrough'");
  checkPath(source, 'the directory of a filesystem', context);
  checkWord(target, 'the target of a filesystem', context);
  checkEquals(target, 'the target of a filesystem', context);
  for (const part of [type, accessmode, source, target, ro]) context.uses.take(part);
  const origins: Origins = [at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(filesystem), address, origins, libvirtPrintsFunction: true },
    context,
  );
  return { kind: 'virtio-9p', place, sharename: target, path: source, readonly: ro !== null, origins };
}
