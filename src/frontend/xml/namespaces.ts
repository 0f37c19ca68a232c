/** Names with their namespaces, and what Namespaces in XML 1.0 forbids. Takes the elements in document order. */
import type { Faults } from './faults.ts';
import { brief, forbiddenCharacter, nameProblem, splitName } from './names.ts';
import type { RawAttribute, StartPart } from './parts.ts';
import type { Decoder } from './references.ts';
import type { XmlAttribute, XmlName } from './tree.ts';

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** The namespaces that a domain's XML may use, to tell people what they forgot to declare. */
const usualNamespaces: ReadonlyMap<string, string> = new Map([
  ['bhyve', 'http://libvirt.org/schemas/domain/bhyve/1.0'],
  ['bhyvec', 'https://bhyvec.org/xmlns/domain/1.0'],
  ['b', 'https://bhyvec.org/xmlns/domain/1.0'],
  ['qemu', 'http://libvirt.org/schemas/domain/qemu/1.0'],
  ['libosinfo', 'http://libosinfo.org/xmlns/libvirt/domain/1.0'],
]);

/** The bindings to restore at the end of an element: prefix and what it was bound to. */
export type Shadowed = readonly (readonly [prefix: string, namespace: string | undefined])[];

/** A start tag with its names resolved. */
export interface Resolved {
  readonly name: XmlName;
  readonly attributes: readonly XmlAttribute[];
  readonly shadowed: Shadowed;
}

/** Resolves the names of one document. */
export interface Namespaces {
  /** Enters an element. */
  enter(tag: StartPart): Resolved;
  /** Leaves it: its declarations end. */
  leave(shadowed: Shadowed): void;
}

/** Makes a resolver for one document. */
export function createNamespaces(faults: Faults, decoder: Decoder): Namespaces {
  const none: Shadowed = [];
  const bindings = new Map<string, string>([['xml', xmlNamespace]]);
  const reported = new Set<string>();
  const wrongAt = new Set<number>();
  const known = new Map<string, XmlName>();
  /** Where the name of the outermost element ends, and a declaration may be put. */
  let rootEnd = 0;

  /** The parts of a name, with no namespace; one that is no name is reported and taken as it is. */
  function split(name: string, start: number): XmlName {
    const before = known.get(name);
    if (before !== undefined) return before;
    const parts = splitName(name);
    if (parts === null && !wrongAt.has(start) && name.search(forbiddenCharacter) < 0) {
      wrongAt.add(start);
      faults.report('BV0131', start, start + name.length, { name: brief(name), reason: nameProblem(name) });
    }
    const split = { prefix: parts?.prefix ?? '', local: parts?.local ?? name, namespace: '' };
    // A wrong name is reported at each place.
    if (parts !== null) known.set(name, split);
    return split;
  }

  function resolve(name: XmlName, start: number): XmlName {
    const { prefix, local } = name;
    const namespace = bindings.get(prefix) ?? '';
    if (namespace !== '') return { prefix, local, namespace };
    if (prefix !== '' && !bindings.has(prefix) && !reported.has(prefix)) {
      reported.add(prefix);
      reportUnbound(prefix, start);
    }
    return name;
  }

  function reportUnbound(prefix: string, start: number): void {
    const end = start + prefix.length;
    if (prefix === 'xmlns') {
      reportReserved(start, end, 'the prefix xmlns', 'it is for declarations', 'use another prefix');
      return;
    }
    const usual = usualNamespaces.get(prefix);
    const declaration = `xmlns:${brief(prefix)}='${usual ?? 'http://...'}'`;
    const details =
      usual === undefined ? {} : { edit: { span: faults.span(rootEnd, rootEnd), text: ` ${declaration}` } };
    faults.report('BV0132', start, end, { prefix: brief(prefix), declaration }, details);
  }

  function reportReserved(start: number, end: number, declaration: string, reason: string, remedy: string): void {
    faults.report('BV0133', start, end, { declaration, reason, remedy });
  }

  /** Takes an `xmlns` declaration, unless it is one of those that are forbidden. */
  function declare(prefix: string, attribute: RawAttribute, shadowed: [string, string | undefined][]): void {
    const namespace = decoder.value(attribute.valueStart, attribute.valueEnd);
    const refuse = (reason: string, remedy: string): void => {
      const declaration = `${brief(attribute.name)}='${brief(namespace)}'`;
      reportReserved(attribute.nameStart, attribute.nameStart + attribute.name.length, declaration, reason, remedy);
    };
    if (prefix === 'xml') {
      if (namespace !== xmlNamespace) refuse('the prefix xml has a fixed meaning', 'use another prefix');
    } else if (prefix === 'xmlns') {
      refuse('the prefix xmlns is for declarations', 'use another prefix');
    } else if (namespace === xmlNamespace || namespace === xmlnsNamespace) {
      refuse('this namespace has a fixed prefix', "name another namespace's URI");
    } else {
      if (namespace === '' && prefix !== '') refuse('a prefix cannot be bound to nothing', 'remove it or give a URI');
      shadowed.push([prefix, bindings.get(prefix)]);
      bindings.set(prefix, namespace);
    }
  }

  /** Reports the attributes that come twice, by their names as written or by their expanded names. */
  function reportDuplicates(tag: StartPart): void {
    const { attributes } = tag;
    if (attributes.length <= 8 && !attributes.some(({ name }) => name.includes(':')) && !hasRepetition(attributes))
      return;
    const seen = new Map<string, RawAttribute>();
    for (const attribute of attributes) {
      const { name, nameStart } = attribute;
      const { prefix, local } = split(name, nameStart);
      const namespace = prefix === '' || prefix === 'xmlns' ? undefined : bindings.get(prefix);
      const key = namespace === undefined ? name : `${namespace} ${local}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, attribute);
        continue;
      }
      const values = { tag: `<${brief(tag.name)}>`, attribute: brief(name) };
      const notes = [faults.note(first.nameStart, first.nameStart + first.name.length, 'first time')];
      faults.report('BV0123', nameStart, nameStart + name.length, values, { notes });
    }
  }

  /** Takes the declarations of a tag; gives what they shadow. */
  function declareAll(attributes: readonly RawAttribute[]): Shadowed {
    const shadowed: [string, string | undefined][] = [];
    for (const attribute of attributes) {
      if (!isDeclaration(attribute)) continue;
      declare(attribute.name === 'xmlns' ? '' : attribute.name.slice('xmlns:'.length), attribute, shadowed);
    }
    return shadowed;
  }

  function isDeclaration({ name, nameStart }: RawAttribute): boolean {
    return name === 'xmlns' || (name.startsWith('xmlns:') && split(name, nameStart).prefix === 'xmlns');
  }

  function readAttribute({ name, nameStart, valueStart, valueEnd }: RawAttribute): XmlAttribute {
    const parts = split(name, nameStart);
    return {
      // An attribute without a prefix is in no namespace, whatever the default is.
      name: parts.prefix === '' ? parts : resolve(parts, nameStart),
      value: decoder.value(valueStart, valueEnd),
      nameSpan: faults.span(nameStart, nameStart + name.length),
      valueSpan: faults.span(valueStart, valueEnd),
    };
  }

  function enter(tag: StartPart): Resolved {
    if (rootEnd === 0) rootEnd = tag.start + 1 + tag.name.length;
    const shadowed = tag.attributes.some(isDeclaration) ? declareAll(tag.attributes) : none;
    const name = resolve(split(tag.name, tag.start + 1), tag.start + 1);
    const own = shadowed === none ? tag.attributes : tag.attributes.filter((attribute) => !isDeclaration(attribute));
    const attributes = own.map(readAttribute);
    if (tag.attributes.length > 1) reportDuplicates(tag);
    return { name, attributes, shadowed };
  }

  return {
    enter,
    leave(shadowed) {
      if (shadowed === none) return;
      for (const [prefix, namespace] of shadowed.toReversed()) {
        if (namespace === undefined) bindings.delete(prefix);
        else bindings.set(prefix, namespace);
      }
    },
  };
}

function hasRepetition(attributes: readonly RawAttribute[]): boolean {
  return attributes.some(({ name }, index) => attributes.findIndex((other) => other.name === name) !== index);
}
