/** The files of a turn: compiled from its definition when they are wanted, so that a newer compiler's launcher is used. */
import type { Consoles } from '../../consoles/contract.ts';
import { hasGuestFiles, writeGuestFiles } from '../../launches/guest-files.ts';
import type { LaunchPaths } from '../../launches/paths.ts';
import type { Compiler } from '../compiler-contract.ts';

/** What makes the files of a turn. */
export interface PrepareOptions {
  readonly paths: LaunchPaths;
  readonly compiler: Compiler;
  readonly consoles: Consoles | null;
}

/** Writes the files of a domain XML; a warm start takes those that are there, and their consoles are still expected. */
export async function prepareFiles(options: PrepareOptions, guest: string, xml: string, warm: boolean): Promise<void> {
  const { paths, compiler, consoles } = options;
  if (warm && hasGuestFiles(paths, guest)) return;
  const compiled = compiler.compile(xml, `${guest}.xml`);
  if (!compiled.ok) throw new Error(`its definition does not compile any more: ${compiled.message}`);
  writeGuestFiles(paths, guest, compiled.artefacts, compiler.withoutSecrets(xml));
  await consoles?.expect(guest, compiled.consoles);
}
