/** The target of a compilation that names none: a module of its own, so that a command line's help loads no table. */

/** The newest release on amd64. */
export const defaultTarget = 'freebsd-15.1';
