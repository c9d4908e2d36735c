// A bounded memory: the least recently used goes first, once there are too many or they weigh too much.

export interface Bounds {
  readonly count: number;
  readonly bytes: number;
}

export class RecentlyUsed<V> {
  /** Oldest use first, as a Map keeps the order of insertion. */
  readonly #entries = new Map<string, V>();

  constructor(
    private readonly bounds: Bounds,
    private readonly bytesOf: (value: V) => number,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const value of this.#entries.values()) sum += this.bytesOf(value);
    return sum;
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
    this.#entries.delete(key);
    this.#entries.set(key, value);
    let bytes = this.bytes;
    for (const [oldest, old] of this.#entries) {
      const fits = this.#entries.size <= this.bounds.count && bytes <= this.bounds.bytes;
      if (fits || oldest === key) return;
      this.#entries.delete(oldest);
      bytes -= this.bytesOf(old);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
