/** The options that the compiling commands share. */
import { Option, type Command } from 'commander';
import type { ArgvFormat } from '../backends/argv/format.ts';
import type { CompileFlags } from '../documents/flags.ts';
import { defaultTarget } from '../host/default-target.ts';

/** The formats of `bhyvec check`. */
export const checkFormats = ['text', 'json', 'sarif'] as const;

/** The formats of `bhyvec rehearse`. */
export const rehearseFormats = ['text', 'json'] as const;

/** Options of `bhyvec argv`. */
export interface ArgvFlags extends CompileFlags {
  readonly format: ArgvFormat;
  readonly only?: 'loader' | 'bhyve';
}

/** Options of `bhyvec check`. */
export interface CheckFlags extends CompileFlags {
  readonly format: (typeof checkFormats)[number];
}

/** Options of `bhyvec explain`. */
export interface ExplainFlags extends CompileFlags {
  readonly list?: boolean;
  readonly format: 'text' | 'json';
}

/** The formats of `bhyvec build`. */
export const buildFormats = ['text', 'json'] as const;

/** Options of `bhyvec build`. */
export interface BuildFlags extends CompileFlags {
  /** The folder to write into; that of the project where it is left out. */
  readonly output?: string;
  readonly format?: (typeof buildFormats)[number];
  /** Names of backends, with commas. */
  readonly backend?: string;
  readonly check?: boolean;
  /** Build again whenever something has changed. */
  readonly watch?: boolean;
  /** Refuse to change the lock. */
  readonly locked?: boolean;
  /** Give away what devices and guests that are gone had. */
  readonly prune?: boolean;
  /** File with passwords. */
  readonly secretsFrom?: string;
}

/** The formats of `bhyvec plan`. */
export const planFormats = ['text', 'json', 'markdown'] as const;

/** Options of `bhyvec plan`. */
export interface PlanFlags extends CompileFlags {
  /** The folder of a build, or of a project; the builds of the project itself where it is left out. */
  readonly against?: string;
  /** Compare with the guests that run, in place of a build. */
  readonly againstRunning?: boolean;
  /** The supervisor that knows which these are. */
  readonly connect?: string;
  readonly format: (typeof planFormats)[number];
}

/** Options of `bhyvec rehearse`. */
export interface RehearseFlags {
  /** A host of the project. */
  readonly host?: string;
  /** FreeBSD release of the stand-in host, such as `14.3`. */
  readonly release?: string;
  /** Seconds for each launcher, as given. */
  readonly limit: string;
  readonly format: (typeof rehearseFormats)[number];
  readonly quiet?: boolean;
  /** Files that were changed since the build are taken as they are. */
  readonly edited?: boolean;
}

/** Options of `bhyvec ir`. */
export interface IrFlags extends CompileFlags {
  readonly after: string;
}

/** What `FILE...` may be, for the help texts. */
export const filesHelp =
  'domain XML: files, directories (their *.xml), quoted patterns, or - for standard input; all of the project without one';

/** Adds the options that say which lock counts. */
export function addLockOptions(command: Command): Command {
  return command
    .option('--lock <file>', 'the lock of the host; bhyvec.lock beside the documents by default')
    .option('--no-lock', 'take no notice of a lock');
}

/** Adds the shared options; `xmllint` says whether the second opinion is asked for unless the user says otherwise. */
export function addCompileOptions(command: Command, xmllint: boolean): Command {
  command
    .option('--project <file>', 'the project; the nearest bhyvec.json, here or above, by default')
    .option('--no-project', 'take no notice of a project')
    .option('--host <host>', 'a host of the project, or a JSON file that describes one')
    .option('--target <name>', `compile for this FreeBSD release (default: "${defaultTarget}", or as the project says)`)
    .addOption(
      new Option('--compat <dialect>', "write exactly what libvirt's bhyve driver writes").choices(['libvirt']),
    )
    .addOption(
      new Option('--schema <mode>', 'what a fault in the structure of the XML is')
        .choices(['error', 'warn', 'off'])
        .default('error'),
    )
    .option('--strict', 'take it for an error when a part of the XML has no effect');
  return xmllint
    ? command.option('--no-xmllint', "leave out the second opinion of libxml2's RELAX NG validator")
    : command.option('--xmllint', "ask libxml2's RELAX NG validator for a second opinion");
}
