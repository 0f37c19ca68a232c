/** The manifest of a conformance corpus: a list of cases, each checked before it is used. */

/** One run: an input, the conditions of the host, and what is expected. */
export interface Case {
  readonly id: string;
  readonly arch: 'x86_64' | 'aarch64';
  /** Paths relative to the manifest; null means that there is nothing to compare with. */
  readonly xml: string;
  readonly args: string | null;
  readonly ldargs: string | null;
  readonly devmap: string | null;
  readonly caps: readonly string[];
  readonly grubCaps: readonly string[];
  readonly config: Config;
  readonly privileged: boolean;
  readonly expect: 'success' | 'failure';
}

/** The driver's configuration, and the two facts about the file system that matter. */
export interface Config {
  readonly firmwareDir: string;
  readonly firmwareFiles: readonly string[];
  readonly nvramDir: string;
  readonly ubootPath: string;
  readonly ubootExists: boolean;
  readonly bhyveRunDir: string;
  readonly bhyveloadTimeout: number;
  readonly bhyveloadTimeoutKill: number;
}

/** A record that is no case, with the reason. */
export interface BadCase {
  readonly id: string;
  readonly problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields of one record; throws a sentence for a field of the wrong type. */
class Reader {
  readonly #fields: Fields;

  constructor(fields: unknown, what: string) {
    if (!isFields(fields)) throw new TypeError(`${what} is not an object`);
    this.#fields = fields;
  }

  object(key: string): Reader {
    return new Reader(this.#fields[key], key);
  }

  text(key: string): string {
    const value = this.#fields[key];
    if (typeof value === 'string') return value;
    throw new TypeError(`${key} is not a text`);
  }

  path(key: string): string | null {
    const value = this.#fields[key] ?? null;
    return value === null ? null : this.text(key);
  }

  number(key: string): number {
    const value = this.#fields[key];
    if (typeof value === 'number') return value;
    throw new TypeError(`${key} is not a number`);
  }

  flag(key: string): boolean {
    const value = this.#fields[key];
    if (typeof value === 'boolean') return value;
    throw new TypeError(`${key} is not true or false`);
  }

  texts(key: string): readonly string[] {
    const value = this.#fields[key] ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw new TypeError(`${key} is not a list of texts`);
  }

  choice<T extends string>(key: string, choices: readonly T[]): T {
    const value = this.text(key);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new TypeError(`${key} is '${value}', not ${choices.join(' or ')}`);
    return found;
  }
}

function readCase(record: unknown): Case {
  const fields = new Reader(record, 'the record');
  const config = fields.object('config');
  return {
    id: fields.text('id'),
    arch: fields.choice('arch', ['x86_64', 'aarch64']),
    xml: fields.text('xml'),
    args: fields.path('args'),
    ldargs: fields.path('ldargs'),
    devmap: fields.path('devmap'),
    caps: fields.texts('caps'),
    grubCaps: fields.texts('grubCaps'),
    config: {
      firmwareDir: config.text('firmwareDir'),
      firmwareFiles: config.texts('firmwareFiles'),
      nvramDir: config.text('nvramDir'),
      ubootPath: config.text('ubootPath'),
      ubootExists: config.flag('ubootExists'),
      bhyveRunDir: config.text('bhyveRunDir'),
      bhyveloadTimeout: config.number('bhyveloadTimeout'),
      bhyveloadTimeoutKill: config.number('bhyveloadTimeoutKill'),
    },
    privileged: fields.flag('privileged'),
    expect: fields.choice('expect', ['success', 'failure']),
  };
}

/** The cases of a manifest, in order. Throws where the text is no list at all. */
export function readManifest(text: string): readonly (Case | BadCase)[] {
  const records: unknown = JSON.parse(text);
  if (!Array.isArray(records)) throw new TypeError('the manifest is not a list');
  return records.map((record: unknown, i) => {
    try {
      return readCase(record);
    } catch (error) {
      const id = isFields(record) && typeof record['id'] === 'string' ? record['id'] : `case ${String(i + 1)}`;
      return { id, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}
