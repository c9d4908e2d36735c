// A bounded memory: the least recently used goes first, once there are too many or they weigh too much.

export interface Bounds {
  readonly count: number;
  readonly bytes: number;
}

export class RecentlyUsed<V> {
  /** Oldest use first, as a Map keeps the order of insertion. */
  readonly #entries = new Map<string, V>();

  #bytes = 0;

  private readonly bounds: Bounds;
  private readonly bytesOf: (value: V) => number;

  /** `bytesOf` a value must not change while the value is kept. */
  constructor(bounds: Bounds, bytesOf: (value: V) => number) {
    this.bounds = bounds;
    this.bytesOf = bytesOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  /** The value of `key`, which counts as a use. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Keeps a value, whatever it weighs, and lets go of the oldest others until the bounds hold. */
  set(key: string, value: V): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#bytes += this.bytesOf(value);
    for (const oldest of this.#entries.keys()) {
      const fits = this.#entries.size <= this.bounds.count && this.#bytes <= this.bounds.bytes;
      if (fits || oldest === key) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= this.bytesOf(value);
  }
}
