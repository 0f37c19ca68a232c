/** Modules and constants that the build makes (scripts/bundling.mjs). */

/** The version in package.json. */
declare const BHYVEC_VERSION: string;

/** URL of xmllint.wasm, relative to the bundle. */
declare const XMLLINT_WASM: string;

/** A precompiled Handlebars template. */
declare module '*.hbs' {
  const specification: TemplateSpecification;
  export default specification;
}

declare module '*.md' {
  const text: string;
  export default text;
}

declare module '*.rng' {
  const text: string;
  export default text;
}

declare module '*.sh' {
  const text: string;
  export default text;
}

/** All explain pages by their code. */
declare module 'bhyvec:explain-pages' {
  const pages: Readonly<Record<string, string>>;
  export default pages;
}
