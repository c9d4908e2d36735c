// The settings of the logistic family, and the ones that are tried where the caller names none.
import * as z from "zod";
import type { Candidate, SearchSpace } from "../../family.ts";

export const LogisticParams = z.strictObject({
  /** Numbers as logarithms where the spec rules out negative ones, or as they are. */
  numbers: z.enum(["log", "raw"]).default("raw"),
  /** One column a level, or one column with the level's place in the spec's list. */
  categories: z.enum(["one-hot", "ordinal"]).default("one-hot"),
  /** Knots of the main number's spline, beside two in its tail; 0 is a straight line. */
  knots: z.int().min(0).max(40).default(0),
  /** How the other numbers enter: straight, curved, or not at all. */
  others: z.enum(["curved", "linear", "none"]).default("linear"),
  /** What half the square of a standardised column's coefficient costs, in rows. */
  penalty: z.number().min(1e-6).max(1e6).default(1),
});

export type LogisticParams = z.infer<typeof LogisticParams>;

/** From curves to straight lines, and from a light to a heavy penalty. */
export function logisticCandidates(): readonly Candidate<LogisticParams>[] {
  const complete = (name: string, params: z.input<typeof LogisticParams>) => ({
    name,
    params: LogisticParams.parse(params),
  });
  return [
    complete("curved numbers and levels", { knots: 6, others: "curved", penalty: 1 }),
    complete("curved numbers and levels, drawn to their means", { knots: 6, others: "curved", penalty: 30 }),
    complete("numbers and levels", { penalty: 1 }),
    complete("log numbers and levels", { numbers: "log", others: "curved", knots: 6, penalty: 3 }),
  ];
}

export const logisticSpace: SearchSpace = {
  numbers: { type: "category", choices: ["log", "raw"] },
  knots: { type: "int", low: 0, high: 20 },
  others: { type: "category", choices: ["curved", "linear"] },
  penalty: { type: "float", low: 1e-3, high: 1e3, log: true },
};
