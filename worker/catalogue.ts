// What one isolate knows of the datasets: specs and champions in memory, so that a warm prediction awaits neither D1 nor R2.

import { Refusal } from "#core/api/refusal.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "./env.ts";
import { limits, times } from "./limits.ts";
import type { ServedModel } from "./pricing.ts";
import { RecentlyUsed } from "./recently-used.ts";
import { loadServedModel, type ModelPlace } from "./served-model.ts";
import { listFormerModels } from "./store/alias-ledger.ts";
import { findAlias } from "./store/aliases.ts";
import { withinTime, withStorage } from "./store/database.ts";
import { championAlias, type DatasetState, findDatasetState } from "./store/datasets.ts";
import { findModel } from "./store/models.ts";
import { findPointer } from "./store/pointers.ts";

export interface KnownDataset {
  readonly spec: DatasetSpec;
  readonly specHash: string;
  readonly champion: ServedModel | undefined;
  readonly checkedAt: number;
}

/** What may outlive the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** What storage says of a dataset, and where a model may be found if that of the champion cannot be loaded. */
interface Found extends DatasetState {
  readonly former: () => Promise<readonly ModelPlace[]>;
}

export class Catalogue {
  readonly #datasets = new RecentlyUsed<KnownDataset>(
    { count: limits.knownDatasets, bytes: limits.knownDatasetBytes },
    ({ champion }) => champion?.bytes ?? 0,
  );
  readonly #refreshing = new Map<string, number>();
  /** Models beside the champions. */
  readonly #others = new RecentlyUsed<ServedModel>(
    { count: limits.otherModels, bytes: limits.otherModelBytes },
    ({ bytes }) => bytes,
  );

  /** How many compiled models the isolate holds. */
  get modelCount(): number {
    const champions = [...this.#datasets.values()].filter(({ champion }) => champion);
    return champions.length + this.#others.size;
  }

  /**
   * The dataset from memory, refreshed behind the answer once it is old; from storage the first time.
   * Requests never await each other's loading: one that is cancelled would leave the others waiting for ever.
   */
  async find(env: Env, name: string, waitUntil: WaitUntil): Promise<KnownDataset | undefined> {
    const known = this.#datasets.get(name);
    if (!known) return this.#load(env, name);
    const now = Date.now();
    const busySince = this.#refreshing.get(name) ?? Number.NEGATIVE_INFINITY;
    if (now - known.checkedAt > times.refreshAfterMs && now - busySince > times.refreshPatienceMs) {
      this.#refreshing.set(name, now);
      waitUntil(this.refresh(env, name));
    }
    return known;
  }

  /** Brings what is known of a dataset up to date; keeps what it had where storage fails. */
  async refresh(env: Env, name: string): Promise<void> {
    const known = this.#datasets.get(name);
    try {
      const found = await this.#findInDatabase(env, name, known);
      if (found) await this.#keep(env, name, found);
      else this.#datasets.delete(name);
    } catch (error) {
      console.error(`${name}: not refreshed`, error);
      // Asked again after the usual while, not by every request: what cannot be loaded now takes time to fail.
      if (known) this.#datasets.set(name, { ...known, checkedAt: Date.now() });
    } finally {
      this.#refreshing.delete(name);
    }
  }

  async #findInDatabase(env: Env, name: string, known?: KnownDataset): Promise<Found | undefined> {
    const state = await findDatasetState(env, name, known);
    const former = () =>
      withinTime(
        listFormerModels(env, name, championAlias, limits.formerChampions),
        times.databasePatienceMs,
      );
    return state && { ...state, former };
  }

  async #findInBucket(env: Env, name: string): Promise<Found> {
    const pointer = await findPointer(env, name, championAlias);
    if (!pointer) throw new Error(`${name}: no copy in R2`);
    const { spec, specHash, previous } = pointer;
    const former = async () => (previous ? [previous] : []);
    return { spec, specHash, champion: pointer, aliased: true, former };
  }

  async #keep(env: Env, name: string, found: Found): Promise<KnownDataset> {
    const champion = await this.#champion(env, name, found);
    const known = { spec: found.spec, specHash: found.specHash, champion, checkedAt: Date.now() };
    this.#datasets.set(name, known);
    return known;
  }

  /** The champion, or the last good model before it where the champion's pointer is half-written or its files are not sound. */
  async #champion(
    env: Env,
    name: string,
    { champion, former, aliased }: Found,
  ): Promise<ServedModel | undefined> {
    const present = this.#datasets.get(name)?.champion;
    if (champion && present?.id === champion.model && present.bundle === champion.bundle) return present;
    let fault: unknown = new Error(`${name}: the champion is no published model`);
    try {
      if (champion) return await loadServedModel(env, name, champion);
    } catch (error) {
      fault = error;
    }
    if (!champion && !aliased && !present) return undefined;
    console.error(`${name}: the champion cannot be loaded`, fault);
    if (present) return present;
    for (const place of await former()) {
      if (place.model === champion?.model && place.bundle === champion.bundle) continue;
      try {
        return await loadServedModel(env, name, place);
      } catch (error) {
        console.error(`${name}: nor can ${place.model}`, error);
      }
    }
    throw fault;
  }

  async #load(env: Env, name: string): Promise<KnownDataset | undefined> {
    let found: Found | undefined;
    try {
      found = await withinTime(this.#findInDatabase(env, name), times.databasePatienceMs);
    } catch (error) {
      console.error(`${name}: D1 does not answer, starting from the copy in R2`, error);
      found = await withStorage(() => this.#findInBucket(env, name));
    }
    return found && withStorage(() => this.#keep(env, name, found));
  }

  /** The model that `reference` (an id, an alias, or nothing for the champion) names, with the alias that was asked for. */
  async resolve(
    env: Env,
    dataset: string,
    known: KnownDataset,
    reference: string | undefined,
  ): Promise<{ model: ServedModel; alias: string | null }> {
    if (reference === undefined || reference === championAlias) {
      if (known.champion) return { model: known.champion, alias: championAlias };
      throw new Refusal("unavailable", `no model of ${dataset} is published yet`);
    }
    if (ModelId.safeParse(reference).success) {
      return { model: await this.#findOther(env, dataset, known, reference), alias: null };
    }
    // An alias other than champion is asked for anew each time: only the champion is promised without storage.
    const alias = await findAlias(env, dataset, reference);
    if (!alias) throw new Refusal("not-found", `${dataset} has no model or alias called "${reference}"`);
    return { model: await this.#findOther(env, dataset, known, alias.model), alias: reference };
  }

  async #findOther(env: Env, dataset: string, known: KnownDataset, id: string): Promise<ServedModel> {
    if (known.champion?.id === id) return known.champion;
    const key = `${dataset}/${id}`;
    const kept = this.#others.get(key);
    if (kept) return kept;
    const record = await findModel(env, dataset, id);
    if (!record) throw new Refusal("not-found", `${dataset} has no model "${id}"`);
    const model = await withStorage(() =>
      loadServedModel(env, dataset, { model: id, bundle: record.bundle }),
    );
    this.#others.set(key, model);
    return model;
  }
}
