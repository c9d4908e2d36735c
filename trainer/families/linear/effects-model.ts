// The linear family's sparse form: one effect a feature, penalised as the rows suggest. Its cost grows with rows times features.
import { explanationFormat } from "#core/bundle/explanation.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { exponential } from "#core/onnx/exponential.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { type MainEffects, startingMargins } from "#core/trees/main-effects.ts";
import { addMainEffects } from "#core/trees/main-effects-graph.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { fitEffects } from "../../effects/fit-effects.ts";
import { toFeature } from "../../effects/matrix.ts";
import type { FittedModel } from "../family.ts";

/** One leaf of 0: what prices and explains boosters that start from effects does so for effects alone. */
function noTrees({ features }: DatasetSpec, link: TreeEnsemble["link"]): TreeEnsemble {
  const [{ name, ...feature }] = features;
  const zeros = () => new Int32Array(1);
  const tree = {
    kind: new Uint8Array(1),
    feature: zeros(),
    threshold: new Float32Array(1),
    left: zeros(),
    right: zeros(),
    defaultLeft: new Uint8Array(1),
    value: new Float32Array(1),
    cover: Float32Array.of(1),
    gain: new Float32Array(1),
    members: new Map<number, readonly number[]>(),
    output: 0,
    depth: 0,
  };
  const column =
    feature.type === "category"
      ? { name, type: feature.type, levels: feature.levels }
      : { name, type: "number" as const };
  return { features: [column], trees: [tree], baseScore: [0], link };
}

/** Fits effects of `target`, which is on the fitted scale. Undefined where no feature varies. */
export function fitEffectsModel(
  spec: DatasetSpec,
  table: Table,
  target: Float64Array,
  weights: Float64Array,
  isLog: boolean,
): FittedModel | undefined {
  const features = spec.features.map((feature) => toFeature(feature, table, true));
  const fitted = fitEffects({ rows: table.rows, features }, target, weights, new Uint8Array(table.rows), 0);
  if (!fitted) return undefined;
  const effects: MainEffects = fitted.all;
  const ensemble = noTrees(spec, isLog ? "exp" : "identity");
  return {
    predict(rows) {
      const margins = startingMargins(effects, rows);
      return isLog ? margins.map(exponential) : margins;
    },
    addTo: (graph, inputs) =>
      addEnsemble(graph, ensemble, inputs, addMainEffects(graph, spec, effects, inputs)),
    explanation: () => ({
      kind: "trees",
      format: explanationFormat,
      ensemble: ensembleToJson(ensemble),
      start: effects,
    }),
    report: () => ({
      scale: isLog ? "log" : "none",
      effects: effects.effects.map((effect) => ({
        feature: effect.feature,
        columns: effect.values.length,
        span: Math.max(...effect.values) - Math.min(...effect.values),
      })),
    }),
  };
}
