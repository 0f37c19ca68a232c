// Reads Prometheus text, strictly: each line has to be as the description of the format has it, or the text is refused.

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadSample[];
}

/** Families by name; throws at the first thing that is not right. */
export function readExposition(text: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>();
  if (text === '') return families;
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  let help: { name: string; text: string } | null = null;
  let current: { name: string; family: ReadFamily } | null = null;
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    const helpLine = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line);
    const typeLine = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/.exec(line);
    if (helpLine !== null) {
      help = { name: helpLine[1] ?? '', text: unescaped(helpLine[2] ?? '', false) };
    } else if (typeLine !== null) {
      const name = typeLine[1] ?? '';
      if (help?.name !== name) throw new Error(`${name} has no HELP before its TYPE`);
      if (families.has(name)) throw new Error(`${name} comes twice`);
      if (typeLine[2] === 'counter' && !name.endsWith('_total')) throw new Error(`${name} is a counter`);
      current = { name, family: { type: typeLine[2] ?? '', help: help.text, samples: [] } };
      families.set(name, current.family);
    } else {
      const sample = readSample(line);
      if (current?.name !== sample.name) throw new Error(`${sample.name} stands outside of its family`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      current.family.samples.push(sample);
    }
  }
  return families;
}

function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? '';
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    for (let first = true; !rest.startsWith('}'); first = false) {
      if (!first && !rest.startsWith(',')) throw new Error(`no comma: ${line}`);
      const match = /^,?([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"/s.exec(rest);
      if (match === null || Object.hasOwn(labels, match[1] ?? '')) throw new Error(`bad label: ${line}`);
      Object.defineProperty(labels, match[1] ?? '', { value: unescaped(match[2] ?? '', true), enumerable: true });
      rest = rest.slice(match[0].length);
    }
    rest = rest.slice(1);
  }
  const value = /^ (NaN|[+-]Inf|[+-]?(?:\d+(?:\.\d+)?)(?:e[+-]?\d+)?)$/.exec(rest)?.[1];
  if (name === '' || value === undefined) throw new Error(`no sample: ${line}`);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function unescaped(text: string, isValue: boolean): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => {
    if (letter === 'n') return '\n';
    if (letter === '\\' || (isValue && letter === '"')) return letter;
    throw new Error(`bad escape: ${text}`);
  });
}
