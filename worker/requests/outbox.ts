// Entries on their way to a queue: those of some 50 ms leave the isolate in one message.
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import { withinTime } from "../storage/database.ts";
import { groupTexts } from "../storage/text-groups.ts";

interface Gathering {
  readonly entries: string[];
  /** How many requests wait for the moment to send. */
  waiting: number;
}

/** Requests that wait for each gathering. */
const carriers = 2;

export interface OutboxCounts {
  queued: number;
  lost: number;
}

export class Outbox {
  readonly counts: OutboxCounts = { queued: 0, lost: 0 };
  #gathering: Gathering | undefined;

  private readonly queueOf: (env: Env) => Queue<string>;

  constructor(queueOf: (env: Env) => Queue<string>) {
    this.queueOf = queueOf;
  }

  /**
   * Hands over an entry. The first of a gathering get a promise that resolves when it has been sent or given up, and never rejects; the
   * others get nothing, since those carry their entries too: waiting costs a timer and a turn of the event loop each.
   * There is a second one to wait because the runtime may end a request; none that waits depends on another one living on.
   */
  post(env: Env, entry: string): Promise<void> | undefined {
    this.#gathering ??= { entries: [], waiting: 0 };
    const own = this.#gathering;
    own.entries.push(entry);
    if (own.waiting === carriers) return undefined;
    own.waiting++;
    return this.#carry(env, own);
  }

  /** Sends what has gathered, unless somebody else has begun to. */
  async #carry(env: Env, own: Gathering): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, times.logGatherMs));
    if (this.#gathering !== own) return;
    this.#gathering = undefined;
    await this.#send(env, own.entries);
  }

  async #send(env: Env, entries: readonly string[]): Promise<void> {
    // A queue is paid for by the message: entries that leave together share one.
    for (const group of groupTexts(entries, limits.queueMessageBytes)) {
      try {
        const body = group.length === 1 ? group[0] : `[${group.join(",")}]`;
        const message = { body, contentType: "text" as const };
        await withinTime(this.queueOf(env).sendBatch([message]), times.queuePatienceMs);
        this.counts.queued += group.length;
      } catch (error) {
        this.counts.lost += group.length;
        console.error(`the queue refuses ${group.length} entries`, error);
      }
    }
  }
}
