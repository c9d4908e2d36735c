// Two published models out of R2, held against each other.

import { parseHeldOut } from "#core/bundle/held-out.ts";
import { comparedErrors } from "#core/metrics/gate.ts";
import {
  ComparedManifest,
  type ComparedModel,
  type Comparison,
  compareModels,
} from "#core/metrics/model-comparison.ts";
import type { Env } from "../env.ts";
import { sha256 } from "../storage/content.ts";
import { withStorage } from "../storage/database.ts";
import { bundleKey, readObject } from "../storage/objects.ts";
import type { ModelFiles } from "./store/models.ts";

/** A published model, as the store knows it. */
export type StoredModel = ModelFiles & { readonly id: string };

async function loadCompared(env: Env, dataset: string, model: StoredModel): Promise<ComparedModel> {
  const read = async (file: string, expected: string) => {
    const key = bundleKey(dataset, model.id, model.bundle, file);
    const bytes = await readObject(env, key);
    if (!bytes) throw new Error(`${key} is missing`);
    if ((await sha256(bytes)) !== expected) throw new Error(`${key} does not hold what was published`);
    return bytes;
  };
  const listed = model.files.find(({ name }) => name === "held-out.bin");
  const [manifest, heldOut] = await Promise.all([
    read("manifest.json", model.bundle),
    listed && read(listed.name, listed.sha256),
  ]);
  return {
    manifest: ComparedManifest.parse(JSON.parse(new TextDecoder().decode(manifest))),
    heldOut: heldOut && parseHeldOut(heldOut),
  };
}

/** Compares `b` with `a`. Throws a refusal where a file cannot be read or is not what was published. */
export async function comparePublished(
  env: Env,
  dataset: string,
  a: StoredModel,
  b: StoredModel,
): Promise<Comparison> {
  const [left, right] = await withStorage(() =>
    Promise.all([a, b].map((model) => loadCompared(env, dataset, model))),
  );
  return compareModels(left, right);
}

/** What the ledger keeps of a move from one model to another whose mover sent no report: null where nothing can be compared. */
export async function findGate(
  env: Env,
  dataset: string,
  champion: StoredModel,
  challenger: StoredModel,
): Promise<object | null> {
  try {
    const { gate } = await comparePublished(env, dataset, champion, challenger);
    if (!gate.comparable) return null;
    const { comparable: _, ...comparison } = gate;
    const value = comparedErrors(comparison);
    const { rows } = comparison;
    return {
      metric: comparison.logLoss ? "logLoss" : "meanAbsoluteError",
      rows,
      challenger: { model: challenger.id, value: value.challenger },
      champion: { model: champion.id, value: value.champion },
      comparison,
    };
  } catch (error) {
    // A move is not held up by what only accompanies it.
    console.error(`${dataset}: ${champion.id} and ${challenger.id} cannot be compared`, error);
    return null;
  }
}
