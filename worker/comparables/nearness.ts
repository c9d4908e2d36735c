// How near an item is to what was asked, once the value that the spec compares is equally near: never by id or order of arrival.
import { outputsByRow } from "#core/bundle/price.ts";
import { numberOfValue } from "#core/dataset/feature-value.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import type { ServedModel } from "../serving/pricing.ts";
import type { Nearness } from "./store.ts";

/** In the model's own terms: how far its predictions are apart, as logarithms where both are above 0. */
export function byPrediction({ spec, onnx }: ServedModel): Nearness {
  return (asked, items) => {
    const rows = [asked, ...items];
    const [own, ...others] = outputsByRow(onnx.run(feedsOf(spec, rows), rows.length), rows.length);
    return others.map(({ prediction }) => {
      const apart =
        own.prediction > 0 && prediction > 0
          ? Math.log(prediction / own.prediction)
          : prediction - own.prediction;
      return Number.isFinite(apart) ? Math.abs(apart) : Number.POSITIVE_INFINITY;
    });
  };
}

/** Without a model: the mean difference over the features that both give, numbers on the range that the items span. */
export function byFeatures(spec: DatasetSpec): Nearness {
  return (asked, items) => {
    const spans = new Map(
      spec.features.flatMap(({ name, type }) => {
        if (type !== "number") return [];
        const values = items.map((item) => numberOfValue(item[name])).filter((value) => value !== undefined);
        return [[name, Math.max(...values) - Math.min(...values)] as const];
      }),
    );
    return items.map((item) => {
      const differences = spec.features.flatMap(({ name, type }) => {
        const [a, b] = [asked[name], item[name]];
        if (a === undefined || b === undefined) return [];
        if (type !== "number") return [a === b ? 0 : 1];
        const span = spans.get(name) ?? 0;
        return [span > 0 ? Math.abs(Number(numberOfValue(a)) - Number(numberOfValue(b))) / span : 0];
      });
      return differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
    });
  };
}
