// Where the items of an import go: straight into the table, or aside until all of them are known to be good.
import type { Env } from "../env.ts";
import { times } from "../http/limits.ts";
import type { KeptAnswer } from "../http/store/idempotency.ts";
import { maxParameterBytes } from "../storage/database.ts";
import { dropStagedItems, flipItems, type ImportCounts, importItems, stageItems } from "./store/imports.ts";
import type { Writer } from "./store/items.ts";

type WriteChunk = (packed: readonly string[], chunk: number) => Promise<void>;

/** Gathers packed items until a statement is full; one statement is under way while the next one is gathered. */
class Gatherer {
  #packed: string[] = [];
  #size = 0;
  #chunk = 0;
  #underWay: Promise<void> = Promise.resolve();

  private readonly write: WriteChunk;

  constructor(write: WriteChunk) {
    this.write = write;
  }

  async add(text: string): Promise<void> {
    // At most three bytes a UTF-16 unit in UTF-8.
    const bytes = text.length * 3 + 1;
    if (this.#size + bytes > maxParameterBytes) await this.#send();
    this.#packed.push(text);
    this.#size += bytes;
  }

  async #send(): Promise<void> {
    await this.#underWay;
    this.#underWay = this.write(this.#packed, this.#chunk++);
    // Its failure is told by whoever awaits it next, which may be later than the runtime looks for one.
    this.#underWay.catch(() => undefined);
    this.#packed = [];
    this.#size = 0;
  }

  async flush(): Promise<void> {
    if (this.#packed.length > 0) await this.#send();
    await this.#underWay;
  }
}

export interface ItemSink {
  add(packed: string): Promise<void>;
  /** Resolves when everything is written, and visible. */
  finish(seal: (() => Promise<KeptAnswer>) | undefined): Promise<ImportCounts>;
  /** Lets go of what is not visible yet. */
  abandon(): Promise<void>;
}

/** Every chunk is visible as soon as it is written. */
export function openPartialSink(env: Env, dataset: string, writer: Writer): ItemSink {
  const counts = { inserted: 0, updated: 0, unchanged: 0 };
  const gatherer = new Gatherer(async (packed) => {
    const written = await importItems(env, dataset, packed, writer);
    for (const name of ["inserted", "updated", "unchanged"] as const) counts[name] += written[name];
  });
  return {
    add: (packed) => gatherer.add(packed),
    async finish() {
      await gatherer.flush();
      return counts;
    },
    // What is written stays; only the last chunk is waited for, so that nothing goes on behind the answer.
    abandon: () => gatherer.flush(),
  };
}

/** Nothing is visible before everything is: chunks wait aside, and one transaction brings them in. */
export function openWholeSink(env: Env, dataset: string, writer: Writer): ItemSink {
  const gatherer = new Gatherer((packed, chunk) => stageItems(env, writer.request, chunk, packed));
  const abandon = async () => {
    await gatherer.flush().catch(() => undefined);
    await dropStagedItems(env, writer.request, Date.now() - times.stagedKeepMs);
  };
  return {
    add: (packed) => gatherer.add(packed),
    async finish(seal) {
      await gatherer.flush();
      return flipItems(env, dataset, writer, Date.now() - times.stagedKeepMs, await seal?.());
    },
    abandon,
  };
}
