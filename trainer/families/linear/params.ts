// The settings of the linear family, and the ranges that a search gives them.
import * as z from "zod";
import type { SearchSpace } from "../family.ts";

export const LinearParams = z.strictObject({
  /**
   * "columns" is least squares on a design that the other settings lay out. "effects" is one effect a feature, penalised as the rows
   * suggest; of the other settings only `target` counts, and its cost stays small whatever the levels.
   */
  form: z.enum(["columns", "effects"]).default("columns"),
  /** Fit the target's logarithm (only where the spec's transform is log) or the target itself. */
  target: z.enum(["log", "none"]).default("none"),
  /** Numbers as logarithms where the spec rules out negative ones, or as they are. */
  numbers: z.enum(["log", "raw"]).default("raw"),
  /** One column a level, or one column with the level's place in the spec's list. */
  categories: z.enum(["one-hot", "ordinal"]).default("one-hot"),
  /** Highest power of the main number. */
  powers: z.int().min(1).max(5).default(1),
  /** Knots of the main number's spline, beside two in its tail; 0 is no spline. */
  knots: z.int().min(0).max(40).default(0),
  /** Whether every level has its own curve over the main number. */
  interactions: z.boolean().default(false),
  /** Whether every pair of levels of two features has its own level of price. */
  pairs: z.boolean().default(false),
  /** How strongly curves and prices of levels are drawn to the average one, in rows: what few rows say must not swing a price. */
  shrinkage: z.number().min(0).max(1000).default(1),
  /** How the other numbers enter: as deviations from what the main number and the levels let expect, straight, curved, or not at all. */
  others: z.enum(["curved", "linear", "none"]).default("linear"),
});

export type LinearParams = z.infer<typeof LinearParams>;

/** How curved, how many of its own numbers a level or a pair of levels has, and how strongly they are drawn together. */
export const linearSpace: SearchSpace = {
  numbers: { type: "category", choices: ["log", "raw"] },
  powers: { type: "int", low: 1, high: 4 },
  knots: { type: "int", low: 0, high: 24 },
  interactions: { type: "category", choices: [true, false] },
  pairs: { type: "category", choices: [true, false] },
  shrinkage: { type: "float", low: 0.01, high: 1000, log: true },
  others: { type: "category", choices: ["curved", "linear", "none"] },
};
