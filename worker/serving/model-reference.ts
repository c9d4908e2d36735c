// Which model a request names: by id, by alias as it stands, or by alias as it stood at a moment of the past.
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import { findAlias } from "../aliases/store/aliases.ts";
import { findMoveAt } from "../aliases/store/ledger.ts";
import { championAlias } from "../datasets/store/datasets.ts";
import type { Env } from "../env.ts";
import { times } from "../http/limits.ts";
import { withinTime, withStorage } from "../storage/database.ts";
import type { Catalogue, KnownDataset } from "./catalogue.ts";
import type { ServedModel } from "./pricing.ts";

export interface ModelReference {
  /** An id or an alias; the champion where it is undefined. */
  readonly model: string | undefined;
  /** Milliseconds since 1970; now where it is undefined. */
  readonly at: number | undefined;
}

export interface ResolvedModel {
  readonly model: ServedModel;
  /** The alias that was asked for; null where it was an id. */
  readonly alias: string | null;
}

/** Asks the database, which may stall: what it does not answer in time is refused, to be tried again. */
const ask = <T>(work: Promise<T>) => withStorage(() => withinTime(work, times.databasePatienceMs));

/** Refuses a moment that has not come: nobody knows yet what will be live then. */
export function checkPast(at: number): void {
  if (at <= Date.now()) return;
  throw new InputError([{ pointer: "/at", detail: "expected a moment that is not in the future" }]);
}

async function findIdAt(env: Env, dataset: string, alias: string, at: number): Promise<string> {
  checkPast(at);
  const move = await ask(findMoveAt(env, dataset, alias, at));
  if (move?.model) return move.model;
  const why = move ? "the alias was removed before then" : "the alias was first set later, if ever";
  throw new Refusal("not-found", `${dataset} had no ${alias} at ${new Date(at).toISOString()}: ${why}`);
}

/** The model that a request names. Throws a refusal where there is none, InputError for an id beside a moment. */
export async function resolveModel(
  { catalogue, env }: { readonly catalogue: Catalogue; readonly env: Env },
  dataset: string,
  known: KnownDataset,
  { model: reference = championAlias, at }: ModelReference,
): Promise<ResolvedModel> {
  // First of all what nearly every request asks for.
  if (reference === championAlias && at === undefined && known.champion)
    return { model: known.champion, alias: championAlias };
  const load = (id: string, isLasting: boolean) => catalogue.findModel(env, dataset, known, id, isLasting);
  if (ModelId.safeParse(reference).success) {
    if (at === undefined) return { model: await load(reference, false), alias: null };
    const detail = "expected an alias or nothing as model beside it: an id names the same model at any time";
    throw new InputError([{ pointer: "/at", detail }]);
  }
  if (at !== undefined)
    return { model: await load(await findIdAt(env, dataset, reference, at), true), alias: reference };
  if (reference === championAlias) {
    if (known.champion) return { model: known.champion, alias: championAlias };
    throw new Refusal("unavailable", `no model of ${dataset} is published yet`);
  }
  // An alias other than champion is asked for anew each time: only the champion is promised without storage.
  const alias = await ask(findAlias(env, dataset, reference));
  if (!alias) throw new Refusal("not-found", `${dataset} has no model or alias called "${reference}"`);
  return { model: await load(alias.model, true), alias: reference };
}
