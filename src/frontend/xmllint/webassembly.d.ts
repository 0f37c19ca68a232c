/** The part of WebAssembly's JavaScript interface that we use; TypeScript keeps it in its library for browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
  class Memory {
    /** Sizes in pages of 64 KiB. */
    constructor(descriptor: { readonly initial: number; readonly maximum: number });
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
