/**
 * Message templates whose parameter names are part of their type, so that a missing or misspelt argument does not
 * compile. The idea is TypeSpec's `paramMessage`.
 */

/** Values that may stand in a message. */
export type Arguments<P extends string> = Readonly<Record<P, string | number>>;

/** A text with named holes. */
export interface Template<P extends string> {
  readonly parameters: readonly P[];
  /** Gives the text with its holes filled. */
  format(values: Readonly<Record<string, string | number>>): string;
}

/** Tag of a template literal: each hole is the name of a parameter, as in ``message`slot ${'slot'} is taken` ``. */
export function message<const P extends readonly string[]>(
  strings: TemplateStringsArray,
  ...parameters: P
): Template<P[number]> {
  return {
    parameters,
    format: (values) => strings.reduce((text, part, i) => text + String(values[parameters[i - 1] ?? ''] ?? '') + part),
  };
}

/** How much a diagnostic matters: an error stops the compiler, a warning does not, a note is only information. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * Who it is that cannot do what a finding says cannot be had: "bhyve cannot" and "bhyvec cannot" are two sentences. `varies`
 * has a parameter that names one of them; `document` is about the XML alone, where nobody could.
 */
export type Subject = 'bhyve' | 'bhyvec' | 'libvirt' | 'freebsd' | 'loader' | 'document' | 'varies';

/** One kind of diagnostic, as the catalogue holds it. */
export interface Entry<P extends string = string> {
  /** Kebab-case name for people, stable like the code. */
  readonly name: string;
  readonly severity: Severity;
  /** True where the finding says that something in the XML has no effect; `--strict` makes these errors. */
  readonly ignored: boolean;
  /** Null where the message says of nothing that it cannot be had. */
  readonly cannot: Subject | null;
  readonly message: Template<P>;
  /** What the source line says under the marked place; null repeats nothing. */
  readonly label: Template<P> | null;
  /** What the reader can do. */
  readonly help: Template<P> | null;
}

interface EntryInput<P extends string, L extends string, H extends string> {
  readonly name: string;
  readonly severity: Severity;
  readonly ignored?: boolean;
  readonly cannot?: Subject;
  readonly message: Template<P>;
  readonly label?: Template<L>;
  readonly help?: Template<H>;
}

/** Makes a catalogue entry; its parameters are those of all its templates. */
export function entry<P extends string = never, L extends string = never, H extends string = never>(
  input: EntryInput<P, L, H>,
): Entry<P | L | H> {
  return {
    name: input.name,
    severity: input.severity,
    ignored: input.ignored ?? false,
    cannot: input.cannot ?? null,
    message: input.message,
    label: input.label ?? null,
    help: input.help ?? null,
  };
}
