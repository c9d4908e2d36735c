// What a booster may start from: one effect a feature on the margin, a table for levels and a broken line for numbers, added up in doubles.
import * as z from "zod";
import { InputError } from "../api/problem.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";

const Effect = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("number"),
    feature: z.string(),
    /** Rising float32 numbers; the effect is a line between neighbours, and flat before the first and after the last. */
    knots: z.array(z.number()).min(1),
    /** One a knot. */
    values: z.array(z.number()).min(1),
    missing: z.number(),
    /** Over the training rows, for explanations. */
    mean: z.number(),
  }),
  z.strictObject({
    type: z.literal("category"),
    feature: z.string(),
    /** One a level of the spec, float32. */
    values: z.array(z.number()),
    /** Of a missing level, and of one that nobody knows; float32. */
    missing: z.number(),
    mean: z.number(),
  }),
]);

export const MainEffects = z.strictObject({ intercept: z.number(), effects: z.array(Effect) });

export type MainEffect = z.infer<typeof Effect>;
export type MainEffects = z.infer<typeof MainEffects>;

/** The slope changes by which a broken line is a sum of hinges: value at the first knot, then one slope change a knot. */
export function hingesOf({ knots, values }: MainEffect & { type: "number" }): number[] {
  let slope = 0;
  return knots.map((knot, at) => {
    const next = at + 1 < knots.length ? (values[at + 1] - values[at]) / (knots[at + 1] - knot) : 0;
    const change = next - slope;
    slope = next;
    return change;
  });
}

/** The effect of a value of a feature: a number (NaN is missing), or a level's code (-1 is missing). */
export type EffectOf = (value: number) => number;

/** The same operations in the same order as the graph's nodes (main-effects-graph.ts). */
export function effectOf(effect: MainEffect): EffectOf {
  const { values, missing } = effect;
  if (effect.type === "category") return (code) => (code < 0 ? missing : (values[code] ?? missing));
  const { knots } = effect;
  const hinges = hingesOf(effect);
  const [low, high] = [knots[0], knots[knots.length - 1]];
  return (value) => {
    if (Number.isNaN(value)) return missing;
    const inside = Math.min(Math.max(value, low), high);
    let sum = 0;
    for (let k = 0; k < knots.length; k++) sum += Math.max(inside - knots[k], 0) * hinges[k];
    return values[0] + sum;
  };
}

/** The margins that a booster starts from, one a row. */
export function startingMargins({ intercept, effects }: MainEffects, table: Table): Float64Array {
  const margins = new Float64Array(table.rows);
  for (const effect of effects) {
    const column = table.columns[effect.feature];
    const of = effectOf(effect);
    for (let row = 0; row < table.rows; row++) margins[row] += of(column[row]);
  }
  return margins.map((margin) => margin + intercept);
}

/** Throws InputError for effects that are about other features than `spec`'s. */
export function checkMainEffects(spec: DatasetSpec, { effects }: MainEffects): void {
  for (const effect of effects) {
    const fail = (detail: string): never => {
      throw new InputError([{ pointer: "/start", detail: `${effect.feature.slice(0, 64)}: ${detail}` }]);
    };
    const feature = spec.features.find(({ name }) => name === effect.feature);
    if (feature?.type !== effect.type) fail(`expected a feature of ${spec.name} of the type ${effect.type}`);
    if (effect.type === "number") {
      if (effect.values.length !== effect.knots.length) fail("expected one value a knot");
      if (effect.knots.some((knot, at) => at > 0 && !(knot > effect.knots[at - 1])))
        fail("expected rising knots");
    } else if (feature?.type === "category" && effect.values.length !== feature.levels.length)
      fail("expected one value a level");
  }
}

/** The same effects, each `factor` times as large. */
export function scaleEffects({ intercept, effects }: MainEffects, factor: number): MainEffects {
  const scale = (value: number) => value * factor;
  return {
    intercept: scale(intercept),
    effects: effects.map((effect): MainEffect => {
      const { mean } = effect;
      if (effect.type === "number")
        return {
          ...effect,
          values: effect.values.map(scale),
          missing: scale(effect.missing),
          mean: scale(mean),
        };
      const single = (value: number) => Math.fround(scale(value));
      return {
        ...effect,
        values: effect.values.map(single),
        missing: single(effect.missing),
        mean: scale(mean),
      };
    }),
  };
}
