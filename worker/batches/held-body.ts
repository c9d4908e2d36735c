// A batch's body, held in memory until its rows are answered: a sender that only reads after it has sent everything would otherwise
// wait for us while we wait for it. What an isolate holds altogether is bounded.
import { Refusal } from "#core/api/refusal.ts";
import { limits, times } from "../http/limits.ts";

interface Hold {
  bytes: number;
  touchedAt: number;
}

/** What one isolate holds of the bodies of batches. */
export class BodyBudget {
  readonly #holds = new Set<Hold>();

  private readonly maxBytes: number;

  constructor(maxBytes: number = limits.heldBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes held now. A request whose sender is gone may end without a word: what lies untouched for long counts no more. */
  get heldBytes(): number {
    const now = Date.now();
    let bytes = 0;
    for (const hold of this.#holds) {
      if (now - hold.touchedAt > times.holdPatienceMs) this.#holds.delete(hold);
      else bytes += hold.bytes;
    }
    return bytes;
  }

  open(): Hold {
    const hold = { bytes: 0, touchedAt: Date.now() };
    this.#holds.add(hold);
    return hold;
  }

  /** Adds to a hold; throws a refusal to try again where the isolate holds too much already. */
  grow(hold: Hold, bytes: number): void {
    if (this.heldBytes + bytes > this.maxBytes)
      throw new Refusal(
        "unavailable",
        "other large batches are being priced here; try again in a few seconds",
      );
    hold.bytes += bytes;
    hold.touchedAt = Date.now();
  }

  close(hold: Hold): void {
    this.#holds.delete(hold);
  }
}

const pieceBytes = 64 * 1024;

/** A body that may be read twice: once to know whether it can be answered at all, then to answer it. */
export class HeldBody {
  readonly #pieces: Uint8Array[] = [];
  readonly #hold: Hold;

  private readonly budget: BodyBudget;

  private constructor(budget: BodyBudget) {
    this.budget = budget;
    this.#hold = budget.open();
  }

  /** Reads all of `chunks`. Throws what they throw, or the refusal of a full budget. */
  static async read(chunks: AsyncIterable<Uint8Array>, budget: BodyBudget): Promise<HeldBody> {
    const body = new HeldBody(budget);
    try {
      for await (const chunk of chunks) body.#add(chunk);
      return body;
    } catch (error) {
      body.release();
      throw error;
    }
  }

  /** Pieces of one size, whatever the network cut: readers keep a rest, and many tiny pieces would copy it as often. */
  #add(chunk: Uint8Array): void {
    this.budget.grow(this.#hold, chunk.byteLength);
    let rest = chunk;
    const last = this.#pieces.at(-1);
    if (last && last.byteLength < pieceBytes && last.buffer.byteLength === pieceBytes) {
      const taken = rest.subarray(0, pieceBytes - last.byteLength);
      const joined = new Uint8Array(last.buffer, 0, last.byteLength + taken.byteLength);
      joined.set(taken, last.byteLength);
      this.#pieces[this.#pieces.length - 1] = joined;
      rest = rest.subarray(taken.byteLength);
    }
    for (let at = 0; at < rest.byteLength; at += pieceBytes) {
      const part = rest.subarray(at, at + pieceBytes);
      const piece = new Uint8Array(new ArrayBuffer(pieceBytes), 0, part.byteLength);
      piece.set(part);
      this.#pieces.push(piece);
    }
  }

  /** The bytes from their start. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (const piece of this.#pieces) {
      this.#hold.touchedAt = Date.now();
      yield piece;
    }
  }

  /** The first `bytes` bytes as text, and whether more follows. */
  beginning(bytes: number): { text: string; isCut: boolean } {
    const [first = new Uint8Array(0)] = this.#pieces;
    const isCut = this.#hold.bytes > Math.min(bytes, first.byteLength);
    return { text: new TextDecoder().decode(first.subarray(0, bytes)), isCut };
  }

  /** Lets go of the bytes; may be called more than once. */
  release(): void {
    this.#pieces.length = 0;
    this.budget.close(this.#hold);
  }
}
