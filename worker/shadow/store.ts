// What challengers would have answered, in D1: each request once, the newest of a dataset, and what they come to.
import { and, asc, eq } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../env.ts";
import { database, maxParameterBytes, withStorage } from "../storage/database.ts";
import { shadowPrices } from "../storage/schema.ts";

const ShadowFault = z.enum(["not-loaded", "row-refused", "not-finite", "not-priced"]);
/** Why a challenger gave no price. */
export type ShadowFault = z.infer<typeof ShadowFault>;

const ShadowPrice = z.object({
  dataset: z.string().min(1).max(63),
  request: z.string().min(1).max(100),
  champion: z.string().max(100),
  challenger: z.string().max(100),
  championPrice: z.number(),
  challengerPrice: z.number().nullable(),
  fault: ShadowFault.nullable(),
});
export type ShadowPrice = z.infer<typeof ShadowPrice>;

/** The prices of a message of the queue, which holds one or an array of them; empty for what is none. */
export function findShadowPrices(text: unknown): ShadowPrice[] {
  if (typeof text !== "string") return [];
  try {
    const value: unknown = JSON.parse(text);
    return z.array(ShadowPrice).safeParse(Array.isArray(value) ? value : [value]).data ?? [];
  } catch {
    return [];
  }
}

/** How many prices a dataset keeps; older ones go. */
export const keptPrices = 20_000;

// At-least-once delivery brings some twice: the second changes nothing.
const writeStatement = `
  insert into shadow_prices (dataset, request, champion, challenger, champion_price, challenger_price, fault)
  select value ->> 'dataset', value ->> 'request', value ->> 'champion', value ->> 'challenger',
    value ->> 'championPrice', value ->> 'challengerPrice', value ->> 'fault'
  from json_each(?1) where true
  on conflict (dataset, request) do nothing`;

const trimStatement = `
  delete from shadow_prices where dataset = ?1 and request <=
  (select request from shadow_prices where dataset = ?1 order by request desc limit 1 offset ?2)`;

/** Writes prices, all or none, in one transaction with the trimming of `trimmed` datasets to the newest `kept`. Rejects where the database does. */
export async function writeShadowPrices(
  env: Env,
  prices: readonly ShadowPrice[],
  trimmed: Iterable<string>,
  kept = keptPrices,
): Promise<void> {
  if (prices.length === 0) return;
  const text = JSON.stringify(prices);
  // A batch of the queue has at most 256 KB; whatever is larger was not made by it.
  if (text.length > maxParameterBytes) throw new Error(`${text.length} characters of prices are too many`);
  await env.DB.batch([
    env.DB.prepare(writeStatement).bind(text),
    ...[...trimmed].map((dataset) => env.DB.prepare(trimStatement).bind(dataset, kept)),
  ]);
}

export interface KeptPrice {
  readonly request: string;
  readonly champion: number;
  readonly challenger: number | null;
  readonly fault: string | null;
}

/** What is kept of two models beside each other, oldest first; at most `keptPrices` and what has come since the last trimming. */
export async function listShadowPrices(
  env: Env,
  dataset: string,
  champion: string,
  challenger: string,
): Promise<KeptPrice[]> {
  return withStorage(() =>
    database(env)
      .select({
        request: shadowPrices.request,
        champion: shadowPrices.championPrice,
        challenger: shadowPrices.challengerPrice,
        fault: shadowPrices.fault,
      })
      .from(shadowPrices)
      .where(
        and(
          eq(shadowPrices.dataset, dataset),
          eq(shadowPrices.champion, champion),
          eq(shadowPrices.challenger, challenger),
        ),
      )
      .orderBy(asc(shadowPrices.request))
      .limit(2 * keptPrices),
  );
}
