// What one isolate knows of the datasets: specs and champions in memory, so that a warm prediction awaits neither D1 nor R2.

import { Refusal } from "#core/api/refusal.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { listFormerModels } from "../aliases/store/ledger.ts";
import { findPointer } from "../aliases/store/pointers.ts";
import { championAlias, type DatasetState, findDatasetState } from "../datasets/store/datasets.ts";
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import { findModel } from "../models/store/models.ts";
import { withinTime, withStorage } from "../storage/database.ts";
import type { ServedModel } from "./pricing.ts";
import { RecentlyUsed } from "./recently-used.ts";
import { loadServedModel, type ModelPlace } from "./served-model.ts";

export interface KnownDataset {
  readonly spec: DatasetSpec;
  readonly specHash: string;
  readonly champion: ServedModel | undefined;
  /** Revision of the champion's alias; 0 where there is none. */
  readonly revision: number;
  readonly challenger: ModelPlace | undefined;
  /** When the database was asked for what this says. */
  readonly checkedAt: number;
}

/** What may outlive the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** What storage says of a dataset, and where a model may be found if that of the champion cannot be loaded. */
interface Found extends DatasetState {
  readonly former: () => Promise<readonly ModelPlace[]>;
}

interface Attempt {
  readonly startedAt: number;
  /** When the last one failed; minus infinity after one that did not. */
  readonly failedAt: number;
}

const never = Number.NEGATIVE_INFINITY;

export class Catalogue {
  readonly #datasets = new RecentlyUsed<KnownDataset>(
    { count: limits.knownDatasets, bytes: limits.knownDatasetBytes },
    ({ champion }) => champion?.bytes ?? 0,
  );
  readonly #attempts = new Map<string, Attempt>();
  /** Models beside the champions, and when each was last known to be published. */
  readonly #others = new RecentlyUsed<{ readonly model: ServedModel; readonly checkedAt: number }>(
    { count: limits.otherModels, bytes: limits.otherModelBytes },
    ({ model }) => model.bytes,
  );

  /** How many compiled models the isolate holds. */
  get modelCount(): number {
    const champions = [...this.#datasets.values()].filter(({ champion }) => champion);
    return champions.length + this.#others.size;
  }

  /**
   * The dataset from memory: refreshed behind the answer once it is old, and before it once it is older than a champion's move may
   * take to arrive, as in an isolate that was idle. What storage does not answer in time is answered from memory all the same.
   * Requests never await each other's loading: one that is cancelled would leave the others waiting for ever.
   */
  async find(env: Env, name: string, waitUntil: WaitUntil): Promise<KnownDataset | undefined> {
    const known = this.#datasets.get(name);
    if (!known) return this.#load(env, name);
    const now = Date.now();
    const age = now - known.checkedAt;
    const { startedAt, failedAt } = this.#attempts.get(name) ?? { startedAt: never, failedAt: never };
    // While storage is known to fail, asking it costs every request its patience and tells none of them anything.
    if (age > times.staleAfterMs && now - failedAt > times.staleAfterMs) {
      await this.refresh(env, name);
      return this.#datasets.get(name);
    }
    if (age > times.refreshAfterMs && now - startedAt > times.refreshAfterMs)
      waitUntil(this.refresh(env, name));
    return known;
  }

  /** Brings what is known of a dataset up to date, within a bounded time; keeps what it had where storage fails. */
  async refresh(env: Env, name: string): Promise<void> {
    const startedAt = Date.now();
    // Noted before it ends: until then, and for a while after, no other request starts one.
    this.#attempts.set(name, { startedAt, failedAt: this.#attempts.get(name)?.failedAt ?? never });
    let failedAt = never;
    try {
      await withinTime(this.#bring(env, name, startedAt), times.refreshPatienceMs);
    } catch (error) {
      console.error(`${name}: not refreshed`, error);
      failedAt = Date.now();
    }
    this.#attempts.set(name, { startedAt, failedAt });
  }

  /** Forgets a model that is no longer published. */
  forget(dataset: string, id: string): void {
    this.#others.delete(`${dataset}/${id}`);
  }

  async #bring(env: Env, name: string, askedAt: number): Promise<void> {
    const known = this.#datasets.get(name);
    let found: Found | undefined;
    try {
      found = await withinTime(this.#findInDatabase(env, name, known), times.databasePatienceMs);
    } catch (error) {
      // A champion that moved just before D1 fell silent is in R2 already.
      if (known) await this.#adoptCopy(env, name, known);
      throw error;
    }
    if (found) await this.#keep(env, name, found, askedAt);
    else this.#datasets.delete(name);
  }

  /** Takes over the copy in R2 where it is further than what is known, as of the same time. */
  async #adoptCopy(env: Env, name: string, known: KnownDataset): Promise<void> {
    const copy = await this.#findInBucket(env, name);
    if ((copy.champion?.revision ?? 0) <= known.revision) return;
    await this.#keep(env, name, { ...copy, challenger: known.challenger }, known.checkedAt);
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
    return { spec, specHash, champion: pointer, aliased: true, challenger: undefined, former };
  }

  async #keep(env: Env, name: string, found: Found, checkedAt: number): Promise<KnownDataset> {
    const { spec, specHash, challenger } = found;
    const champion = await this.#champion(env, name, found);
    const revision = found.champion?.revision ?? 0;
    const known = { spec, specHash, champion, revision, challenger, checkedAt };
    // Answers may come in another order than the questions: what was asked earlier does not replace what was asked later.
    if (checkedAt >= (this.#datasets.get(name)?.checkedAt ?? never)) this.#datasets.set(name, known);
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
    const askedAt = Date.now();
    let found: Found | undefined;
    try {
      found = await withinTime(this.#findInDatabase(env, name), times.databasePatienceMs);
    } catch (error) {
      console.error(`${name}: D1 does not answer, starting from the copy in R2`, error);
      this.#attempts.set(name, { startedAt: askedAt, failedAt: Date.now() });
      found = await withStorage(() => this.#findInBucket(env, name));
    }
    return found && withStorage(() => this.#keep(env, name, found, askedAt));
  }

  /**
   * A published model by its id, from memory where it is there. One that was never live may be deleted, which every isolate notices
   * within the time that a champion's move takes; one that was, `isLasting`, may not.
   */
  async findModel(
    env: Env,
    dataset: string,
    known: KnownDataset,
    id: string,
    isLasting: boolean,
  ): Promise<ServedModel> {
    if (known.champion?.id === id) return known.champion;
    const key = `${dataset}/${id}`;
    const kept = this.#others.get(key);
    const now = Date.now();
    if (kept && (isLasting || now - kept.checkedAt <= times.staleAfterMs)) return kept.model;
    let record: Awaited<ReturnType<typeof findModel>>;
    try {
      record = await withStorage(() => withinTime(findModel(env, dataset, id), times.databasePatienceMs));
    } catch (error) {
      if (!kept) throw error;
      this.#others.set(key, { model: kept.model, checkedAt: now });
      return kept.model;
    }
    if (!record) {
      this.#others.delete(key);
      throw new Refusal("not-found", `${dataset} has no model "${id}"`);
    }
    const place = { model: id, bundle: record.bundle };
    const model =
      kept?.model.bundle === place.bundle
        ? kept.model
        : await withStorage(() => loadServedModel(env, dataset, place));
    this.#others.set(key, { model, checkedAt: now });
    return model;
  }

  /** The model at a place that the database named, if it is in memory. */
  findLoaded(dataset: string, place: ModelPlace): ServedModel | undefined {
    const kept = this.#others.get(`${dataset}/${place.model}`)?.model;
    return kept?.bundle === place.bundle ? kept : undefined;
  }

  /** The model at such a place out of R2, kept from then on. Rejects where it cannot be loaded. */
  async loadAt(env: Env, dataset: string, place: ModelPlace): Promise<ServedModel> {
    const checkedAt = Date.now();
    const model = await loadServedModel(env, dataset, place);
    this.#others.set(`${dataset}/${place.model}`, { model, checkedAt });
    return model;
  }
}
