/** A compiled WebAssembly module: opaque here, and cheap to hand to worker threads, which share its code. */
export type CompiledModule = object;

/** The part of the WebAssembly interface used here; the compiler knows it only together with all of the browser. */
interface WebAssemblyInterface {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
}

/**
 * Compiles WebAssembly off the main thread.
 *
 * @throws CompileError for bytes that are no WebAssembly
 */
export function compileModule(bytes: Uint8Array): Promise<CompiledModule> {
  return (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly.compile(bytes);
}
