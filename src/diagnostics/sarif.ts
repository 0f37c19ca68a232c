/**
 * Diagnostics as SARIF 2.1.0 (OASIS), for editors and code review. The log is made piece by piece, so that a run over
 * thousands of files holds none of them: the opening, one result after the other, and the rules that were used last.
 */
import type { Location, PhysicalLocation, Region, ReportingDescriptor, Result, Tool } from 'sarif';
import { catalogue, type Code } from './catalogue/index.ts';
import { jsonLine } from './json.ts';
import type { Entry, Severity } from './message.ts';
import type { Diagnostic } from './reporter.ts';
import { positionOf, type Span } from './source.ts';

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

function physical(span: Span): PhysicalLocation {
  return { artifactLocation: { uri: uriOf(span.source.name) }, region: regionOf(span) };
}

const levels: Readonly<Record<Severity, Result.level>> = { error: 'error', warning: 'warning', note: 'note' };

function resultOf(diagnostic: Diagnostic, ruleIndex: number): Result {
  const { code, severity, message, label, help, notes, edit, span } = diagnostic;
  const text = help === null || help === '' ? message : `${message}\n${help}`;
  const location: Location = { physicalLocation: physical(span) };
  if (label !== null && label !== '') location.message = { text: label };
  const result: Result = { ruleId: code, ruleIndex, level: levels[severity], message: { text }, locations: [location] };
  if (notes.length > 0) {
    result.relatedLocations = notes.map((note, id) => ({
      id,
      message: { text: note.text },
      physicalLocation: physical(note.span),
    }));
  }
  if (edit !== null) {
    const replacement = { deletedRegion: regionOf(edit.span), insertedContent: { text: edit.text } };
    const artifactLocation = { uri: uriOf(edit.span.source.name) };
    result.fixes = [{ artifactChanges: [{ artifactLocation, replacements: [replacement] }] }];
  }
  return result;
}

function ruleOf(code: Code, page: string | undefined): ReportingDescriptor {
  const entry: Entry = catalogue[code];
  const rule: ReportingDescriptor = {
    id: code,
    name: entry.name,
    shortDescription: { text: entry.name.replaceAll('-', ' ') },
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

/** A writer for one run. `pages` are the explain pages by code; they become the help of the rules. */
export function sarifWriter(version: string, pages: Readonly<Record<string, string>>): SarifWriter {
  const rules = new Map<Code, number>();
  let results = 0;
  return {
    begin: () =>
      `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[`,
    result(diagnostic) {
      const index = rules.get(diagnostic.code) ?? rules.size;
      rules.set(diagnostic.code, index);
      results += 1;
      return `${results === 1 ? '' : ','}\n${jsonLine(resultOf(diagnostic, index))}`;
    },
    end() {
      const used = [...rules.keys()].map((code) => ruleOf(code, pages[code]));
      const tool: Tool = { driver: { name: 'bhyvec', version, semanticVersion: version, rules: used } };
      return `\n],"tool":${jsonLine(tool)}}]}\n`;
    },
  };
}
