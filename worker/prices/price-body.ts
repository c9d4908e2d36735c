// Prices the one row in a request's body.
import { InputError, quoted } from "#core/api/problem.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { readJson } from "../http/body.ts";
import type { AppContext } from "../http/context.ts";
import { limits } from "../http/limits.ts";
import type { KnownDataset } from "../serving/catalogue.ts";
import { chooseModel, notePrediction } from "../serving/model-choice.ts";
import { notFinite, type Price, type PricedBy, priceRows, type ServedModel } from "../serving/pricing.ts";
import { requireDataset } from "../serving/requested-dataset.ts";

export interface PricedBody {
  readonly dataset: KnownDataset & { readonly name: string };
  /** The body without its key. */
  readonly value: unknown;
  readonly row: Row;
  readonly model: ServedModel;
  readonly price: Price;
  /** What every answer to one row begins with. */
  readonly answer: Price & {
    readonly id: string;
    readonly key?: string;
    readonly unit: string;
    readonly model: PricedBy;
  };
}

/** The sender's own name for a row, which stands beside its features. Throws InputError for a key that is none. */
function takeKey(spec: DatasetSpec, value: unknown): { key?: string; features: unknown } {
  const isFeature = spec.features.some(({ name }) => name === "key");
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isFeature || !isObject || !Object.hasOwn(value, "key")) return { features: value };
  const { key, ...features } = value as { key: unknown };
  if (typeof key === "string" && key.length >= 1 && key.length <= limits.keptCharacters)
    return { key, features };
  const detail = `expected a text of 1 to ${limits.keptCharacters} characters; got ${quoted(key)}`;
  throw new InputError([{ pointer: "/key", detail }]);
}

/** Prices the row in the body. Throws InputError for its faults. */
export async function priceBody(
  c: AppContext,
  reference: string | undefined,
  coverage: number,
): Promise<PricedBody> {
  const dataset = await requireDataset(c);
  const value = await readJson(c, limits.rowBytes);
  const chosen = await chooseModel(c, reference, dataset);
  const { model, pricedBy } = chosen;
  const { key, features } = takeKey(model.spec, value);
  const row = checkRow(model.spec, features);
  const [price] = priceRows(model, [row], coverage);
  if (!price) throw new InputError([notFinite]);
  notePrediction(c, chosen, row, price);
  const { prediction, interval, missing, warnings } = price;
  const { unit } = model.spec.target;
  const named = key === undefined ? {} : { key };
  const answer = {
    id: c.get("requestId"),
    ...named,
    prediction,
    unit,
    interval,
    model: pricedBy,
    missing,
    warnings,
  };
  return { dataset, value: features, row, model, price, answer };
}
