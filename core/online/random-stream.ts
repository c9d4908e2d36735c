// Random numbers whose position can be saved: sfc32 with its four words of state.
import { floatsOf, partOf, type Saved } from "./saved.ts";

/** sfc32 (Chris Doty-Humphrey, PractRand). */
export class RandomStream {
  readonly #words = new Float64Array(4);

  constructor(seed: number) {
    this.#words.set([0, seed | 0, 0x9e3779b9 | 0, 1]);
    for (let i = 0; i < 15; i++) this.next();
  }

  static restore(saved: Saved): RandomStream {
    const stream = new RandomStream(0);
    stream.#words.set(partOf(saved, "words", floatsOf(4)));
    return stream;
  }

  save(): Saved {
    return { words: this.#words.slice() };
  }

  /** Uniform in [0, 1). */
  next(): number {
    const words = this.#words;
    const [a, b, c, counter] = words;
    const sum = (a + b + counter) | 0;
    words[3] = (counter + 1) | 0;
    words[0] = b ^ (b >>> 9);
    words[1] = (c + (c << 3)) | 0;
    words[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
}
