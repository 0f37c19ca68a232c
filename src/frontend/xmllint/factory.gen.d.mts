/** The emscripten factory of xmllint-wasm, as far as we use it; scripts/xmllint-plugin.mjs makes the module. */

/** What one run gets. */
export interface ModuleOptions {
  readonly inputFiles: readonly { readonly fileName: string; readonly contents: string }[];
  readonly arguments: readonly string[];
  readonly wasmMemory: object;
  print(line: string): void;
  printErr(line: string): void;
  onExit(status: number): void;
  onAbort(reason: unknown): void;
  /** Gets the imports, passes the instance on and gives its exports. */
  instantiateWasm(imports: object, receive: (instance: object, module: object) => void): object;
}

/** Starts one run. */
export function createModule(options: ModuleOptions): Promise<unknown>;
