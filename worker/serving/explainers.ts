// The explanations that an isolate can give: a model's explain.json, read from R2 when somebody asks for the first time, and kept.
import type { PriceExplanation } from "#core/api/explanation.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Row } from "#core/dataset/row.ts";
import { compileExplainer, type PriceExplainer } from "#core/explain/price-explanation.ts";
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import { sha256 } from "../storage/content.ts";
import { withinTime, withStorage } from "../storage/database.ts";
import { bundleKey, readObject } from "../storage/objects.ts";
import type { ServedModel } from "./pricing.ts";
import { RecentlyUsed } from "./recently-used.ts";

const fileName = "explain.json";

/** What a model's file turned out to be. A fault is kept too: nobody may have a bad file read again and again. */
type Known = PriceExplainer | { readonly bytes: number; readonly fault: string };

export class Explainers {
  readonly #known = new RecentlyUsed<Known>(
    { count: limits.explainers, bytes: limits.explainerBytes },
    ({ bytes }) => bytes,
  );

  /**
   * Takes `prediction` apart, the model's price of a checked row. Throws a refusal: conflict where the model cannot be explained at all,
   * unavailable where its file cannot be read now.
   */
  async explain(
    env: Env,
    dataset: string,
    model: ServedModel,
    row: Row,
    prediction: number,
  ): Promise<PriceExplanation> {
    const key = `${dataset}/${model.id}/${model.bundle}`;
    let known = this.#known.get(key);
    if (!known) {
      known = await this.#load(env, dataset, model);
      this.#known.set(key, known);
    }
    if ("fault" in known) throw unsound(model, known.fault);
    try {
      return known.explain(row, prediction);
    } catch (error) {
      if (error instanceof InputError) throw unsound(model, error.message);
      throw error;
    }
  }

  async #load(env: Env, dataset: string, model: ServedModel): Promise<Known> {
    const { id, bundle, manifest, spec } = model;
    const file = manifest.files.find(({ name }) => name === fileName);
    if (!file)
      throw new Refusal(
        "conflict",
        `the model ${id} was published without ${fileName}, which would explain it`,
      );
    if (file.bytes > limits.explainFileBytes) {
      const detail = `the ${fileName} of ${id} has ${file.bytes} bytes, more than the ${limits.explainFileBytes} that are explained here`;
      throw new Refusal("conflict", `${detail}; the file itself explains prices in a browser or in Node`);
    }
    const object = bundleKey(dataset, id, bundle, fileName);
    const bytes = await withStorage(async () => {
      const read = await withinTime(readObject(env, object), times.explanationPatienceMs);
      if (!read || (await sha256(read)) !== file.sha256)
        throw new Error(`${object} does not hold what was published`);
      return read;
    });
    try {
      return compileExplainer(spec, parse(bytes));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { bytes: error.message.length, fault: error.message.slice(0, limits.explainFaultCharacters) };
    }
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new InputError("it is not JSON");
  }
}

function unsound({ id }: ServedModel, fault: string): Refusal {
  return new Refusal("conflict", `the ${fileName} of ${id} does not explain its prices: ${fault}`);
}
