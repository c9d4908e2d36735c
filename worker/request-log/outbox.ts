// Entries on their way to a queue: those of some 50 ms leave the isolate in one batch.
import type { Env } from "../env.ts";
import { limits, times } from "../limits.ts";
import { withinTime } from "../store/database.ts";

interface Gathering {
  readonly entries: string[];
  /** The sending, once someone has begun it. */
  sent: Promise<void> | undefined;
}

export interface OutboxCounts {
  queued: number;
  lost: number;
}

/** Entries in batches that a queue takes. */
function* batchesOf(entries: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let size = 0;
  for (const entry of entries) {
    const own = new TextEncoder().encode(entry).length + 100;
    if (
      batch.length > 0 &&
      (batch.length === limits.queueBatchMessages || size + own > limits.queueBatchBytes)
    ) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(entry);
    size += own;
  }
  if (batch.length > 0) yield batch;
}

export class Outbox {
  readonly counts: OutboxCounts = { queued: 0, lost: 0 };
  #gathering: Gathering | undefined;

  constructor(private readonly queueOf: (env: Env) => Queue<string>) {}

  /**
   * Hands over an entry; resolves when the batch that holds it has been sent or has been given up. Never rejects.
   * Every sender waits by itself and the first to wake sends for all: none depends on another request living on.
   */
  async post(env: Env, entry: string): Promise<void> {
    this.#gathering ??= { entries: [], sent: undefined };
    const own = this.#gathering;
    own.entries.push(entry);
    await new Promise((resolve) => setTimeout(resolve, times.logGatherMs));
    if (this.#gathering === own) this.#gathering = undefined;
    own.sent ??= this.#send(env, own.entries);
    await own.sent;
  }

  async #send(env: Env, entries: readonly string[]): Promise<void> {
    for (const batch of batchesOf(entries)) {
      try {
        const messages = batch.map((body) => ({ body, contentType: "text" as const }));
        await withinTime(this.queueOf(env).sendBatch(messages), times.queuePatienceMs);
        this.counts.queued += batch.length;
      } catch (error) {
        this.counts.lost += batch.length;
        console.error(`the queue refuses ${batch.length} entries`, error);
      }
    }
  }
}
