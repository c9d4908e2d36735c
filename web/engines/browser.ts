// The engine that prices in the page: fetches the model once, then checks and prices rows without sending any.
import type { PriceExplanation } from "#core/api/explanation.ts";
import { quoted, toPointer } from "#core/api/problem.ts";
import { shortBound, stepsBetween, valuesOf } from "#core/api/range-steps.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { describePrice, type Outputs, type Price as RowPrice } from "#core/bundle/price.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "./client.ts";
import type { Along, Engine, LoadRuntime, PriceOptions } from "./engine.ts";
import type { Explain } from "./explanation.ts";
import { Failure } from "./failure.ts";
import { fetchModel, modelPath } from "./model-files.ts";

export interface BrowserEngineOptions {
  readonly client: Client;
  readonly spec: DatasetSpec;
  readonly modelId: string;
  readonly loadRuntime: LoadRuntime;
}

/** What varies: the values asked for, every level, or the training range of a number, as the service's sweep does. */
function axisValues(spec: DatasetSpec, { ranges }: Manifest, name: string, along: Along) {
  if (typeof along === "object") return along;
  const feature = spec.features.find((each) => each.name === name);
  if (feature?.type === "category") return feature.levels;
  const range = ranges?.[name];
  if (!range || !feature)
    throw new Failure("row", "the model knows no range", [{ pointer: toPointer([name]), detail: "" }]);
  return valuesOf(feature, stepsBetween(shortBound(range.minimum), shortBound(range.maximum), along));
}

/** Reasons for the prices of one model, loaded when they are first asked for and again after a failure; null where they cannot be had. */
function lazyReasons({ client, spec, modelId }: BrowserEngineOptions, { files }: Manifest) {
  // A model never changes: one published without explain.json is not asked for it with every price.
  const none = files && !files.some(({ name }) => name === "explain.json");
  const path = modelPath(spec.name, modelId);
  let loading: Promise<Explain> | undefined;
  const load = async () => {
    const { loadExplanations } = await import("./explanation.ts");
    return loadExplanations(client, spec, path);
  };
  return async (row: Row, prediction: number): Promise<PriceExplanation | null> => {
    if (none) return null;
    loading ??= load();
    try {
      return (await loading)(row, prediction);
    } catch {
      // The price stands without them.
      loading = undefined;
      return null;
    }
  };
}

/** Loads the model and its manifest; the engine it resolves with makes no request but one for explain.json, once reasons are asked for. */
export async function loadBrowserEngine(options: BrowserEngineOptions): Promise<Engine> {
  const { spec, modelId } = options;
  const { model, manifest } = await fetchModel(options.client, spec.name, modelId);
  const runtime = await options.loadRuntime(model, spec);
  const findReasons = lazyReasons(options, manifest);
  const describe = (
    row: Row,
    outputs: Outputs,
    { coverage = defaultCoverage }: PriceOptions = {},
  ): RowPrice => {
    const priced = describePrice(spec, manifest, row, outputs, coverage);
    if (priced) return priced;
    throw new Failure("service", `the model gave no price for this; got ${quoted(outputs.prediction)}`);
  };
  return {
    name: "browser",
    async price(row, _signal, asked = {}) {
      const start = performance.now();
      const checked = checkRow(spec, row);
      const [outputs] = await runtime.run([checked]);
      const priced = describe(checked, outputs, asked);
      const explanation = asked.explain ? await findReasons(checked, priced.prediction) : undefined;
      return {
        prediction: priced.prediction,
        unit: spec.target.unit,
        interval: priced.interval,
        modelId,
        warnings: priced.warnings,
        ...(asked.explain ? { explanation } : {}),
        milliseconds: performance.now() - start,
      };
    },
    async sweep(row, feature, along, _signal, asked) {
      const values: readonly Row[string][] = axisValues(spec, manifest, feature, along);
      const rows = values.map((value) => checkRow(spec, { ...row, [feature]: value }));
      const outputs = await runtime.run(rows);
      return outputs.map((one, at) => {
        const { prediction, interval } = describe(rows[at], one, asked);
        return { at: values[at], prediction, interval };
      });
    },
  };
}
