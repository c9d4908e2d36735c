// Log entries on their way out: those of some 50 ms leave the isolate in one message.
import type { Env } from "../env.ts";
import { limits, times } from "../limits.ts";
import { withinTime } from "../store/database.ts";
import { groupTexts } from "../store/text-groups.ts";

interface Gathering {
  readonly entries: string[];
  /** The sending, once someone has begun it. */
  sent: Promise<void> | undefined;
}

export interface OutboxCounts {
  queued: number;
  lost: number;
}

export class Outbox {
  readonly counts: OutboxCounts = { queued: 0, lost: 0 };
  #gathering: Gathering | undefined;

  /**
   * Hands over an entry; resolves when the message that holds it has been sent or has been given up. Never rejects.
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
    // A queue is paid for by the message: entries that leave together share one.
    for (const group of groupTexts(entries, limits.queueMessageBytes)) {
      try {
        const body = group.length === 1 ? group[0] : `[${group.join(",")}]`;
        const message = { body, contentType: "text" as const };
        await withinTime(env.REQUEST_LOG.sendBatch([message]), times.queuePatienceMs);
        this.counts.queued += group.length;
      } catch (error) {
        this.counts.lost += group.length;
        console.error(`the request log refuses ${group.length} entries`, error);
      }
    }
  }
}
