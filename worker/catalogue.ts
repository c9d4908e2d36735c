// What one isolate knows of the datasets: specs and champions in memory, so that a warm prediction awaits neither D1 nor R2.

import { Refusal } from "#core/api/refusal.ts";
import { Manifest, ModelId } from "#core/bundle/manifest.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { Env } from "./env.ts";
import { limits, times } from "./limits.ts";
import type { ServedModel } from "./pricing.ts";
import { findAlias } from "./store/aliases.ts";
import { withinTime, withStorage } from "./store/database.ts";
import { championAlias, type DatasetState, findDatasetState } from "./store/datasets.ts";
import { findModel } from "./store/models.ts";
import { bundleKey, readObject } from "./store/objects.ts";
import { findPointer } from "./store/pointers.ts";

export interface KnownDataset {
  readonly spec: DatasetSpec;
  readonly specHash: string;
  readonly champion: ServedModel | undefined;
  readonly checkedAt: number;
}

/** What may outlive the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;

const manifestPart = Manifest.pick({ id: true, family: true, conformal: true, ranges: true, files: true });
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as unknown;

/** Reads and compiles a published model. Rejects where R2 does. */
async function loadServedModel(env: Env, dataset: string, id: string, bundle: string): Promise<ServedModel> {
  const read = async (file: string) => {
    const bytes = await readObject(env, bundleKey(dataset, id, bundle, file));
    if (!bytes) throw new Error(`${bundleKey(dataset, id, bundle, file)} is missing`);
    return bytes;
  };
  const [onnx, manifest, spec] = await Promise.all(["model.onnx", "manifest.json", "dataset.json"].map(read));
  return {
    ...{ id, bundle },
    spec: checkSpec(decode(spec)),
    manifest: manifestPart.parse(decode(manifest)),
    onnx: loadModel(onnx),
  };
}

export class Catalogue {
  readonly #datasets = new Map<string, KnownDataset>();
  readonly #refreshing = new Map<string, number>();
  /** Models beside the champions, the least recently used first. */
  readonly #others = new Map<string, ServedModel>();

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
    try {
      const known = this.#datasets.get(name);
      const state = await findDatasetState(env, name, known);
      if (state) await this.#keep(env, name, state);
      else this.#datasets.delete(name);
    } catch (error) {
      console.error(`${name}: not refreshed`, error);
    } finally {
      this.#refreshing.delete(name);
    }
  }

  async #keep(env: Env, name: string, state: DatasetState): Promise<KnownDataset> {
    const { spec, specHash, champion: pointer } = state;
    const present = this.#datasets.get(name)?.champion;
    const same = pointer && present?.id === pointer.model && present.bundle === pointer.bundle;
    const champion = same
      ? present
      : pointer && (await loadServedModel(env, name, pointer.model, pointer.bundle));
    const known = { spec, specHash, champion, checkedAt: Date.now() };
    this.#datasets.set(name, known);
    return known;
  }

  async #load(env: Env, name: string): Promise<KnownDataset | undefined> {
    let state: DatasetState | undefined;
    try {
      state = await withinTime(findDatasetState(env, name), times.databasePatienceMs);
    } catch (error) {
      console.error(`${name}: D1 does not answer, starting from the copy in R2`, error);
      state = await withStorage(async () => {
        const pointer = await findPointer(env, name, championAlias);
        if (!pointer) throw new Error(`${name}: no copy in R2`);
        return { spec: pointer.spec, specHash: pointer.specHash, champion: pointer };
      });
    }
    return state && withStorage(() => this.#keep(env, name, state));
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
    let model = this.#others.get(key);
    if (!model) {
      const record = await findModel(env, dataset, id);
      if (!record) throw new Refusal("not-found", `${dataset} has no model "${id}"`);
      model = await withStorage(() => loadServedModel(env, dataset, id, record.bundle));
    }
    this.#others.delete(key);
    this.#others.set(key, model);
    const [oldest] = this.#others.keys();
    if (this.#others.size > limits.otherModels) this.#others.delete(oldest);
    return model;
  }
}
