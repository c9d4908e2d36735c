// The part of WebAssembly that the kernels use, typed here: TypeScript's own declarations come with the whole DOM.

/** Memory that threads share; its size is fixed. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A compiled module; threads can be sent one. */
export interface CompiledModule {
  readonly kind?: "module";
}

interface Api {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: unknown };
}

const { WebAssembly: api } = globalThis as unknown as { WebAssembly: Api };

const pageBytes = 65536;

/** At least `bytes` bytes, zeroed. Throws RangeError where the system has no room for them. */
export function allocate(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new api.Memory({ initial: pages, maximum: pages, shared: true });
}

export function compile(bytes: Uint8Array): CompiledModule {
  return new api.Module(bytes);
}

/** The exports of a new instance over `memory`. */
export function instantiate(module: CompiledModule, memory: SharedMemory): unknown {
  return new api.Instance(module, { env: { memory } }).exports;
}
