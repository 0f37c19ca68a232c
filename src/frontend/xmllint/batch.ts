/**
 * How much one run of xmllint gets: it reads the grammar each time. A module of its
 * own, so that who collects documents loads no xmllint.
 */

/** Documents and characters in one run. */
export const batch = { documents: 1000, characters: 4_000_000 };
