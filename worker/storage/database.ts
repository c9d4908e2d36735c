// The way into D1: drizzle over the binding, and what a failed database means to a sender.
import { drizzle } from "drizzle-orm/d1";
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../env.ts";
import * as schema from "./schema.ts";

/** How large a JSON parameter of a statement gets at most; D1 takes 2 MB. */
export const maxParameterBytes = 1_000_000;

export function database(env: Env) {
  return drizzle(env.DB, { schema });
}

/** Does `work`; a failure of the storage itself becomes a refusal that may be tried again, everything else passes. */
export async function withStorage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    console.error(error);
    throw new Refusal("unavailable", "the storage does not answer; try again in a few seconds", {
      cause: error,
    });
  }
}

/** Rejects when `work` takes longer than `patienceMs`; the work itself goes on, unheard. */
export async function withinTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
