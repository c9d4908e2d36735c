// What explain.json holds: as much of a fitted model as explaining its prices takes, and ONNX does not carry.
import * as z from "zod";
import { InputError, toPointer } from "../api/problem.ts";
import { Derived } from "../dataset/derived.ts";
import { LevelColumn } from "../trees/level-columns.ts";
import { MainEffects } from "../trees/main-effects.ts";
import type { EnsembleJson } from "../trees/serialise.ts";
import { ClassCalibration } from "./class-calibration.ts";

export const explanationFormat = 1;

/** What undoes the scale on which contributions add up: "exp" where it is the target's logarithm. */
const Link = z.enum(["identity", "exp"]);

const LinearColumn = z.object({
  name: z.string(),
  /** Those that the column is made of: its contribution is shared equally among them. */
  features: z.array(z.string()).min(1),
  weight: z.number(),
  /** Over the training rows. */
  mean: z.number(),
});

/** Of a model of classes: what its margins are put right by after what is told here. */
const calibrated = { calibration: ClassCalibration.optional() };

export const Explanation = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("trees"),
    ...calibrated,
    format: z.literal(explanationFormat),
    /** Node covers are TreeSHAP's background. ensembleFromJson checks what is inside. */
    ensemble: z.custom<EnsembleJson>((value) => typeof value === "object" && value !== null, {
      error: "expected a tree ensemble",
    }),
    /** Columns of the ensemble that are no features: a contribution of one is shared equally among the features it is made of. */
    derived: z.array(Derived).optional(),
    /** Columns of the ensemble that stand for categories of many levels: a contribution of one is its feature's. */
    levelColumns: z.array(LevelColumn).optional(),
    /** What the trees' margin is added to. */
    start: MainEffects.optional(),
  }),
  z.object({
    kind: z.literal("linear"),
    ...calibrated,
    format: z.literal(explanationFormat),
    link: Link,
    intercept: z.number(),
    columns: z.array(LinearColumn),
    /** How a row becomes those columns, as the family learnt it. */
    design: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal("additive"),
    ...calibrated,
    format: z.literal(explanationFormat),
    link: Link,
    /** A weighted sum of features; parseAdditive checks what is inside. */
    model: z.unknown(),
  }),
]);

export type Explanation = z.infer<typeof Explanation>;

/** Reads explain.json; throws InputError with one JSON pointer a fault. */
export function parseExplanation(value: unknown): Explanation {
  const result = Explanation.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map(({ path, message }) => ({ pointer: toPointer(path), detail: message })),
  );
}
