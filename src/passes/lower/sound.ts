/** `<sound>` and `<audio>` to hda (libvirt-compile reference, section 6.11). */
import type { Origins } from '../../diagnostics/source.ts';
import type { Sound } from '../../frontend/elements/sound.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';
import { whoCannot } from './who.ts';
import { checkPath } from './words.ts';

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
