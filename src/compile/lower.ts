/** The stages that look at one document alone, in order, one line each: from its bytes to its machine. */
import { gate } from '../diagnostics/gate.ts';
import { inOneVoice } from '../diagnostics/one-voice.ts';
import { createReporter, inSourceOrder } from '../diagnostics/reporter.ts';
import { ownElementHelp } from '../diagnostics/sayings.ts';
import type { Filled, NamedFiles, SourceFile } from '../diagnostics/source.ts';
import { reportUnused } from '../frontend/accounts.ts';
import { degreesOf, type Degrees } from '../frontend/degrees.ts';
import { readDomain } from '../frontend/read.ts';
import { validateDomain } from '../frontend/relaxng/validate.ts';
import { fillVariables } from '../frontend/variables.ts';
import { decodeSource } from '../frontend/xml/decode.ts';
import { parseXml } from '../frontend/xml/parse.ts';
import { checkCapabilities } from '../passes/check/capabilities.ts';
import { checkUnique } from '../passes/check/unique.ts';
import { completeDomain } from '../passes/complete/index.ts';
import { lowerDomain } from '../passes/lower/index.ts';
import { recalledGuest } from '../passes/recalled.ts';
import { contextOf } from './context.ts';
import { compileResource } from './resource.ts';
import { askable } from './secrets.ts';
import { noResource, nothing, type CompileOptions, type Lowering } from './stages.ts';

/** Decodes one document and brings it to its machine. */
export function lowerBytes(name: string, bytes: Uint8Array, options: CompileOptions, files?: NamedFiles): Lowering {
  const reporter = createReporter({ strict: options.strict });
  const source = decodeSource(name, bytes, reporter);
  if (source !== null) return lower({ ...source, files: files ?? new Map() }, options);
  const { diagnostics } = reporter;
  const unread = { ...noResource, stages: nothing, schemaValid: null, guest: null, recalled: null };
  return { source: { name, text: '' }, diagnostics, ...unread };
}

/** Brings one document to its machine. */
export function lower(given: SourceFile, options: CompileOptions): Lowering {
  const filled: Filled[] = [];
  const source = askable(given, filled);
  const reporter = createReporter({ strict: options.strict });
  const gravest = options.dialect === 'libvirt' ? 'warning' : 'error';
  const stage = gate(reporter);

  const tree = stage(source, (text) => parseXml(text, reporter));
  const parse = stage(tree, (root) => fillVariables(root, options.variables, filled, reporter));
  const schema =
    parse === null || options.schema === 'off'
      ? null
      : validateDomain(parse, reporter, options.schema === 'warn' ? 'warning' : 'error');
  const degrees: Degrees = parse === null ? new Map<never, never>() : degreesOf(parse, ownElementHelp[options.dialect]);
  const flagged = schema?.flagged ?? new Set();
  const schemaValid = schema?.valid ?? null;
  const known = { flagged, degrees, gravest, hasVariables: options.variables !== undefined } as const;
  const resource = parse === null ? null : compileResource(parse, known, contextOf(options, reporter));
  if (resource !== null) {
    const diagnostics = inOneVoice(inSourceOrder(reporter.diagnostics));
    return {
      source,
      ...resource,
      schemaValid,
      guest: null,
      recalled: null,
      stages: { ...nothing, parse },
      diagnostics,
    };
  }
  const read = stage(parse, (root) => readDomain(root, known, reporter));
  const recalled = read === null ? null : recalledGuest(read, options.lock);
  const context = contextOf(options, reporter, options.lock?.get(recalled ?? ''));
  const complete = stage(read, (domain) => completeDomain(domain, context));
  const machine = stage(complete, (domain) => {
    const lowered = lowerDomain(domain, context);
    checkCapabilities(lowered, context);
    checkUnique(lowered, context);
    return lowered;
  });
  if (parse !== null && complete !== null) reportUnused(parse, known, context.uses, reporter);
  return {
    source,
    diagnostics: reporter.diagnostics,
    stages: { parse, read, complete, lower: machine, allocate: null, plan: null },
    schemaValid,
    guest: read?.name.value ?? null,
    recalled,
    ...noResource,
  };
}
