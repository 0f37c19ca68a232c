/** `<sound>` and `<audio>` (formatdomain, "Sound devices" and "Audio backends"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

const soundModels = ['sb16', 'es1370', 'pcspk', 'ac97', 'ich6', 'ich9', 'usb', 'ich7', 'virtio'] as const;
const audioTypes = [
  'none', 'alsa', 'coreaudio', 'dbus', 'jack', 'oss', 'pulseaudio', 'pipewire', 'sdl', 'spice', 'file',
] as const; // prettier-ignore

/** One sound device as written. */
export interface Sound {
  readonly at: Span;
  readonly model: Located<(typeof soundModels)[number]>;
  /** Id of the audio backend. */
  readonly audio: Located<number> | null;
  readonly address: Address | null;
}

/** One audio backend as written. */
export interface Audio {
  readonly at: Span;
  readonly id: number;
  readonly type: Located<(typeof audioTypes)[number]>;
  readonly inputDev: Located<string> | null;
  readonly outputDev: Located<string> | null;
  /** A setting common to all backends, such as mixingEngine; bhyve has none of them. */
  readonly commonSetting: Span | null;
}

/** Reads a sound device. */
export function readSound(element: ElementReader): Sound | null {
  const { at, reporter } = element;
  const written = element.attribute('model');
  if (written === null) reporter.report('BV0310', at, { element: 'sound', part: 'model attribute' });
  const model = readWord(written, soundModels, 'the model of a sound device', reporter);
  const named = element.child('audio');
  const id = named?.attribute('id') ?? null;
  if (named !== null && id === null) reporter.report('BV0310', named.at, { element: 'audio', part: 'id attribute' });
  const audio = readNumber(id, 'the id of an audio backend', reporter, {
    min: 1,
  });
  const address = readAddress(element);
  return model === null ? null : { at, model, audio, address };
}

/** Reads an audio backend. */
export function readAudio(element: ElementReader): Audio | null {
  const { at, reporter } = element;
  const id = readNumber(element.attribute('id'), 'the id of an audio backend', reporter, { min: 1 });
  const type = readWord(element.attribute('type'), audioTypes, 'the type of an audio backend', reporter);
  const ends = [element.child('input'), element.child('output')];
  const common = ends.flatMap((end) =>
    end === null
      ? []
      : [
          ...['mixingEngine', 'fixedSettings', 'voices', 'bufferLength'].map((name) => end.attribute(name)?.at),
          end.child('settings')?.at,
        ],
  );
  if (type === null || id === null) {
    for (const [name, value] of [
      ['type', type],
      ['id', id],
    ] as const) {
      if (value === null && element.attribute(name) === null)
        reporter.report('BV0310', at, { element: 'audio', part: `${name} attribute` });
    }
    return null;
  }
  return {
    at,
    id: id.value,
    type,
    inputDev: ends[0]?.attribute('dev') ?? null,
    outputDev: ends[1]?.attribute('dev') ?? null,
    commonSetting: common.find((span) => span !== undefined) ?? null,
  };
}
