// The challenger pricing in the shadow of the champion: behind the answer, where it can neither delay nor fail it.
import { InputError } from "#core/api/problem.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { Env } from "../env.ts";
import { times } from "../http/limits.ts";
import { Outbox } from "../requests/index.ts";
import type { Catalogue } from "../serving/catalogue.ts";
import { priceRows, type ServedModel } from "../serving/pricing.ts";
import type { ModelPlace } from "../serving/served-model.ts";
import { withinTime } from "../storage/database.ts";
import type { ShadowFault, ShadowPrice } from "./store.ts";

/** A prediction of the champion, and who else shall price its row. */
export interface Shadowed {
  readonly dataset: string;
  readonly request: string;
  readonly champion: string;
  readonly championPrice: number;
  readonly challenger: ModelPlace;
  readonly row: Row;
}

interface Loading {
  readonly bundle: string;
  readonly startedAt: number;
  readonly hasFailed: boolean;
}

type Outcome = { readonly price: number } | { readonly fault: ShadowFault };

function priceOf(model: ServedModel, row: Row): Outcome {
  let checked: Row;
  try {
    checked = checkRow(model.spec, row);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { fault: "row-refused" };
  }
  // The interval is not kept, so any coverage does.
  const [price] = priceRows(model, [checked], 0.5);
  return price ? { price: price.prediction } : { fault: "not-finite" };
}

export class Shadow {
  readonly outbox = new Outbox((env) => env.SHADOW_LOG);
  /** Prices, faults, and predictions left out because the challenger was still being loaded. */
  readonly counts = { priced: 0, failed: 0, skipped: 0 };
  readonly #loading = new Map<string, Loading>();

  /** Prices the row and hands the result to the queue. Never rejects. */
  async follow(env: Env, catalogue: Catalogue, shadowed: Shadowed): Promise<void> {
    // The answer leaves first: what computes here would hold it up.
    await new Promise((resolve) => setTimeout(resolve, 0));
    let outcome: Outcome | undefined;
    try {
      outcome = await this.#price(env, catalogue, shadowed);
    } catch (error) {
      console.error(`${shadowed.dataset}: no price in the shadow`, error);
      outcome = { fault: "not-priced" };
    }
    if (!outcome) {
      this.counts.skipped++;
      return;
    }
    if ("fault" in outcome) this.counts.failed++;
    else this.counts.priced++;
    const { dataset, request, champion, championPrice, challenger } = shadowed;
    const entry = {
      ...{ dataset, request, champion, championPrice, challenger: challenger.model },
      challengerPrice: "price" in outcome ? outcome.price : null,
      fault: "fault" in outcome ? outcome.fault : null,
    } satisfies ShadowPrice;
    await this.outbox.post(env, JSON.stringify(entry));
  }

  async #price(env: Env, catalogue: Catalogue, shadowed: Shadowed): Promise<Outcome | undefined> {
    const { dataset, challenger, row } = shadowed;
    const kept = catalogue.findLoaded(dataset, challenger);
    if (kept) return priceOf(kept, row);
    const last = this.#loading.get(dataset);
    const isResting =
      last?.bundle === challenger.bundle && Date.now() - last.startedAt < times.challengerRetryMs;
    if (isResting) return last.hasFailed ? { fault: "not-loaded" } : undefined;
    const loading = { bundle: challenger.bundle, startedAt: Date.now(), hasFailed: false };
    this.#loading.set(dataset, loading);
    try {
      const model = await withinTime(catalogue.loadAt(env, dataset, challenger), times.challengerPatienceMs);
      this.#loading.delete(dataset);
      return priceOf(model, row);
    } catch (error) {
      console.error(`${dataset}: the challenger cannot be loaded`, error);
      this.#loading.set(dataset, { ...loading, hasFailed: true });
      return { fault: "not-loaded" };
    }
  }
}
