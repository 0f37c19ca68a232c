/** Sound, file systems, random numbers, host devices and TPM (libvirt-compile reference, sections 6.11 to 6.14). */
import type { Origins } from '../../diagnostics/source.ts';
import type { Filesystem, Hostdev, Rng, Tpm } from '../../frontend/elements/small-devices.ts';
import type { Sound } from '../../frontend/elements/sound.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';
import { lowerTpmEmulator } from './tpm-emulator.ts';
import { whoCannot } from './who.ts';
import { checkPath, checkWord } from './words.ts';

/** Sound devices to hda. Reports: BV0571 to BV0574. */
export function lowerSounds(domain: CompleteDomain, context: Context): readonly Device[] {
  const { sounds } = domain.domain.devices;
  return sounds.map((sound, ordinal) => lowerSound(sound, `sound ${String(ordinal)}`, domain, context));
}

const hdaModels = ['ich6', 'ich7', 'ich9'];

function lowerSound(sound: Sound, owner: string, domain: CompleteDomain, context: Context): Device {
  const { dialect, reporter } = context;
  const { model, audio: id, address, at } = sound;
  const { audios } = domain.domain.devices;
  const accepted = dialect.ours('sound-model') ? hdaModels : ['ich7'];
  if (!accepted.includes(model.value))
    reporter.report('BV0571', model.at, {
      model: model.value,
      who: whoCannot('sound-model', 'bhyve', context),
      accepted: accepted.join(', '),
    });
  const audio = id === null ? audios[0] : audios.find((one) => one.id === id.value);
  if (id !== null && audio === undefined) {
    reporter.report('BV0572', id.at, { id: id.value });
    for (const one of audios) context.uses.leaveOut(one.at);
  }
  if (audio !== undefined && audio.commonSetting !== null) reporter.report('BV0573', audio.commonSetting, {});
  if (audio !== undefined && audio.type.value !== 'oss')
    reporter.report('BV0574', audio.type.at, { type: audio.type.value });
  const input = audio?.inputDev ?? null;
  const output = audio?.outputDev ?? null;
  for (const part of [model, id, audio?.type, input, output]) context.uses.take(part);
  if (audio !== undefined) context.uses.takeWhole(audio);
  for (const device of [input, output]) if (device !== null) checkPath(device, 'the path of a sound device', context);
  const [play, rec] = dialect.ours('sound-direction') ? [output, input] : [input, output];
  const origins: Origins = audio === undefined ? [at] : [at, audio.at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(sound), address, origins, libvirtPrintsFunction: true },
    context,
  );
  return { kind: 'hda', place, play, rec, origins };
}

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
  if (target.value.includes('=') && context.dialect.ours('word-separators')) reporter.report('BV0576', target.at, {});
  for (const part of [type, accessmode, source, target, ro]) context.uses.take(part);
  const origins: Origins = [at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(filesystem), address, origins, libvirtPrintsFunction: true },
    context,
  );
  return { kind: 'virtio-9p', place, sharename: target, path: source, readonly: ro !== null, origins };
}

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

/** PCI devices of the host to passthru. Reports: BV0580 to BV0583, BV0315. */
export function lowerHostdevs(domain: CompleteDomain, context: Context): readonly Device[] {
  const { hostdevs } = domain.domain.devices;
  return hostdevs.flatMap((hostdev, ordinal) => lowerHostdev(hostdev, `hostdev ${String(ordinal)}`, domain, context));
}

function lowerHostdev(hostdev: Hostdev, owner: string, domain: CompleteDomain, context: Context): readonly Device[] {
  const { dialect, reporter } = context;
  const { type, source, rom, managed, address, at } = hostdev;
  if (domain.domain.wired === null) {
    if (!dialect.ours('passthrough-wired')) reporter.report('BV0580', at, {});
    else if (source !== null) reporter.report('BV0581', at, {});
  }
  const ourManaged = managed?.value === true && dialect.ours('passthrough-managed');
  if (managed?.value === true && !ourManaged) reporter.report('BV0315', managed.at, {});
  if (source === null) {
    reporter.report('BV0582', type.at, { type: type.value });
    context.uses.leaveOut(at);
    return [];
  }
  if (source.domain !== 0 && dialect.ours('pci-bus'))
    reporter.report('BV0583', source.places.domain, { domain: source.domain });
  const isAri = source.function > 7;
  if (isAri && (source.slot !== 0 || !dialect.ours('passthrough-ari')))
    reporter.report('BV0304', source.places.function, {
      value: String(source.function),
      what: 'PCI function',
      min: 0,
      max: 7,
    });
  if (rom !== null) checkPath(rom, 'the path of an option ROM', context);
  const origins: Origins = [at];
  const place = placeOf(
    { owner, remembered: domain.recall.of(hostdev), address, origins, libvirtPrintsFunction: true },
    context,
  );
  const host = { bus: source.bus, slot: source.slot, function: source.function, at: source.at };
  const romPath = dialect.ours('passthrough-rom') ? rom : null;
  context.uses.takeWhole(at);
  context.uses.takeWhole(source);
  if (dialect.ours('passthrough-rom')) context.uses.take(rom);
  return [{ kind: 'passthru', place, host, managed: ourManaged, rom: romPath, origins }];
}

/** A TPM to `-l tpm`. Reports: BV0584, BV0585, BV1575, BV1576. */
export function lowerTpms(domain: CompleteDomain, context: Context): readonly Device[] {
  if (!context.dialect.ours('tpm')) return [];
  const [tpm, second] = domain.domain.devices.tpms;
  if (second !== undefined) context.reporter.report('BV0584', second.at, {});
  return tpm === undefined ? [] : lowerTpm(tpm, domain, context);
}

function lowerTpm(tpm: Tpm, domain: CompleteDomain, context: Context): readonly Device[] {
  const { backend, path, version, at } = tpm;
  const { reporter } = context;
  if (version !== null && version.value !== '2.0') reporter.report('BV0585', version.at, { version: version.value });
  if (backend.value === 'emulator') return lowerTpmEmulator(tpm, domain, context);
  const device = path ?? (backend.value === 'passthrough' ? { value: '/dev/tpm0', at } : null);
  if (device === null) {
    reporter.report('BV0310', at, { element: 'tpm', part: 'path of the swtpm socket' });
    return [];
  }
  if (path !== null) checkPath(path, 'the path of a TPM', context);
  for (const part of [backend, path, version, ...tpm.sourceParts]) context.uses.take(part);
  const type = backend.value === 'passthrough' ? 'passthru' : 'swtpm';
  return [{ kind: 'tpm', type, path: device, emulator: null, origins: [at] }];
}
