/**
 * The compiler for programs: what `import ... from 'bhyvec'` gives. Pure: nothing here reads a file, asks a host, looks at a
 * clock or prints. docs/library.md shows how to use it.
 */
export { checkGuests, commandsOf, compile, compileBytes } from './compile/compile.ts';
export { lower, lowerBytes } from './compile/lower.ts';
export { compileHost } from './compile/place.ts';
export {
  stageNames,
  type Compilation,
  type CompileOptions,
  type HostCompilation,
  type Lowering,
  type SchemaMode,
  type Stages,
} from './compile/stages.ts';
export type { CommandLine } from './backends/argv/emit.ts';
export { argvFormats, formatCommands, type ArgvFormat } from './backends/argv/format.ts';
export type { Artefact, Backend } from './backends/backend.ts';
export { emitBuild, emitGuest } from './backends/emit.ts';
export { backends } from './backends/index.ts';
export type { DialectName } from './dialect/dialect.ts';
export { toJson, type JsonDiagnostic, type JsonPlace } from './diagnostics/json.ts';
export { renderDiagnostic } from './diagnostics/render.ts';
export type { Diagnostic, Edit, Note } from './diagnostics/reporter.ts';
export { positionOf, type SourceFile, type Span } from './diagnostics/source.ts';
export { namedFiles } from './frontend/named-files.ts';
export { defaultTarget } from './host/default-target.ts';
export { lockName, lockText, readLock, type ReadLock } from './hardware/lock-text.ts';
export type { HostProfile } from './host/profile.ts';
export { readHost } from './host/read.ts';
export { builtInTargets, targetProfile, type Target } from './host/targets.ts';
export type { GuestHardware, Hardware, Held, Seat } from './ir/hardware.ts';
export type { Plan } from './ir/plan.ts';
