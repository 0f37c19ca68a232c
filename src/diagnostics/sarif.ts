/**
 * Diagnostics as SARIF 2.1.0 (OASIS), for editors and code review. The log is made piece by piece, so that a run over
 * thousands of files holds none of them: the opening, one result after the other, and the rules that were used last.
 */
import type { ArtifactLocation, Location, PhysicalLocation, Region, ReportingDescriptor, Result, Tool } from 'sarif';
import { catalogue, type Code } from './catalogue/index.ts';
import { jsonLine } from './json.ts';
import type { Entry, Severity } from './message.ts';
import type { Diagnostic } from './reporter.ts';
import { partOf } from './parts.ts';
import { shownText } from './shown-source.ts';
import { positionOf, type Span } from './source.ts';

/** Where bhyvec is at home: its pages about diagnostics are below. */
const home = 'https://bhyvec.org/';

/** Relative names of files start from here: the folder that bhyvec was run in. */
const base = '%SRCROOT%';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The file name as a URI reference (RFC 3986): relative names stay relative. */
export function uriOf(name: string): string {
  const encoded = name
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
  return name.startsWith('/') ? `file://${encoded}` : encoded;
}

function regionOf(span: Span): Region {
  const start = positionOf(span.source, span.start);
  const end = positionOf(span.source, span.end);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** What a log depends on beside its findings. */
export interface SarifSettings {
  readonly version: string;
  /** The explain pages by code; they become the help of the rules. */
  readonly pages: Readonly<Record<string, string>>;
  /** The folder that bhyvec was run in: names of files below it become relative. */
  readonly folder: string;
  readonly sha256: (text: string) => string;
}

function artifactOf({ source: { name } }: Span, folder: string): ArtifactLocation {
  const below = folder.endsWith('/') ? folder : `${folder}/`;
  const uri = uriOf(name.startsWith(below) ? name.slice(below.length) : name);
  return uri.startsWith('file:') ? { uri } : { uri, uriBaseId: base };
}

function physical(span: Span, folder: string): PhysicalLocation {
  return { artifactLocation: artifactOf(span, folder), region: regionOf(span) };
}

/** What makes a finding the same one after its lines have moved: its kind, the part of the file, the words that it is about. */
function identityOf({ code, span }: Diagnostic, uri: string | undefined): string {
  const [words] = shownText(span.source)
    .slice(span.start, span.end)
    .trim()
    .split(/[\r\n]/);
  return JSON.stringify([code, uri, partOf(span), words?.slice(0, 200)]);
}

const levels: Readonly<Record<Severity, Result.level>> = { error: 'error', warning: 'warning', note: 'note' };

function resultOf(diagnostic: Diagnostic, ruleIndex: number, folder: string): Result {
  const { code, severity, message, label, help, notes, edit, span } = diagnostic;
  const text = help === null || help === '' ? message : `${message}\n${help}`;
  const location: Location = { physicalLocation: physical(span, folder) };
  if (label !== null && label !== '') location.message = { text: label };
  const result: Result = { ruleId: code, ruleIndex, level: levels[severity], message: { text }, locations: [location] };
  if (notes.length > 0) {
    result.relatedLocations = notes.map((note, id) => ({
      id,
      message: { text: note.text },
      physicalLocation: physical(note.span, folder),
    }));
  }
  if (edit !== null) {
    const replacement = { deletedRegion: regionOf(edit.span), insertedContent: { text: edit.text } };
    const artifactLocation = artifactOf(edit.span, folder);
    result.fixes = [{ artifactChanges: [{ artifactLocation, replacements: [replacement] }] }];
  }
  return result;
}

function ruleOf(code: Code, page: string | undefined): ReportingDescriptor {
  const entry: Entry = catalogue()[code];
  const rule: ReportingDescriptor = {
    id: code,
    name: entry.name,
    shortDescription: { text: entry.name.replaceAll('-', ' ') },
    helpUri: `${home}explain/${code}`,
    defaultConfiguration: { level: levels[entry.severity] },
  };
  rule.help = { text: page ?? `bhyvec explain ${code}`, ...(page === undefined ? {} : { markdown: page }) };
  return rule;
}

/** Makes the pieces of one log; put together in the order of the calls they are one JSON text. */
export interface SarifWriter {
  begin(): string;
  result(diagnostic: Diagnostic): string;
  end(): string;
}

/** A writer for one run. */
export function sarifWriter({ version, pages, folder, sha256 }: SarifSettings): SarifWriter {
  const rules = new Map<Code, number>();
  /** How often each identity has come: of findings that are alike each has its number. */
  const alike = new Map<string, number>();
  let results = 0;
  return {
    begin: () =>
      `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[`,
    result(diagnostic) {
      const index = rules.get(diagnostic.code) ?? rules.size;
      rules.set(diagnostic.code, index);
      results += 1;
      const result = resultOf(diagnostic, index, folder);
      const identity = identityOf(diagnostic, artifactOf(diagnostic.span, folder).uri);
      const count = (alike.get(identity) ?? 0) + 1;
      alike.set(identity, count);
      result.partialFingerprints = { 'bhyvecFinding/v1': `${sha256(identity).slice(0, 32)}:${String(count)}` };
      return `${results === 1 ? '' : ','}\n${jsonLine(result)}`;
    },
    end() {
      const used = [...rules.keys()].map((code) => ruleOf(code, pages[code]));
      const driver = { name: 'bhyvec', version, semanticVersion: version, informationUri: home, rules: used };
      const tool: Tool = { driver };
      const bases = { [base]: { description: { text: 'the folder that bhyvec was run in' } } };
      return `\n],"tool":${jsonLine(tool)},"originalUriBaseIds":${jsonLine(bases)}}]}\n`;
    },
  };
}
