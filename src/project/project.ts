/** What a project file says. */
import type { Located, Span } from '../diagnostics/source.ts';
import type { Variables } from '../frontend/variables.ts';

/** One host of a project. Names of files are as written: they start from the folder of the project file. */
export interface ProjectHost {
  readonly name: string;
  /** Its key. */
  readonly at: Span;
  /** A target, or the file of a host profile. */
  readonly profile: Located<string>;
  /** Files, folders and patterns. */
  readonly domains: readonly Located<string>[];
  readonly output: string;
  readonly lock: string;
  /** Its own variables, and those of the project that it does not have. */
  readonly variables: Variables;
}

/** A project. */
export interface Project {
  readonly hosts: readonly ProjectHost[];
}

/** Whether a profile is a file, and not the name of a target. */
export function isProfileFile(profile: string): boolean {
  return profile.includes('/') || profile.endsWith('.json');
}
