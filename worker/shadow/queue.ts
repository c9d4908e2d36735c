// Writes what challengers would have answered from the queue to D1: each request once, however often it is delivered.
import type { Env } from "../env.ts";
import { findShadowPrices, writeShadowPrices } from "./store.ts";

/** Trimming reads as many rows as are kept: the first batch of an isolate pays for it, and then every so many. */
const batchesPerTrim = 20;
let batches = 0;

/** Acknowledges a batch that is written, and messages that are none; the rest is delivered again, and in the end let go. */
export async function consumeShadow(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const messages = batch.messages.map(({ body }) => findShadowPrices(body));
  const prices = messages.flat();
  const unreadable = messages.filter(({ length }) => length === 0).length;
  if (unreadable > 0) console.error(`${unreadable} messages of the shadow's queue are no prices`);
  const isTrimming = batches++ % batchesPerTrim === 0;
  try {
    await writeShadowPrices(env, prices, isTrimming ? new Set(prices.map(({ dataset }) => dataset)) : []);
    batch.ackAll();
  } catch (error) {
    console.error(`${prices.length} prices of challengers not written`, error);
    batch.retryAll();
  }
}
