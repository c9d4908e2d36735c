// The settings of the linear family that are tried where the caller names none.
import type * as z from "zod";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Candidate } from "../family.ts";
import { isAffordable } from "./cost.ts";
import { LinearParams } from "./params.ts";

/**
 * The candidates in the order in which they are expected to do well; logarithms of the target only where the spec asks for them.
 * With `rows`, only those whose fit on so many ends in about a second.
 */
export function linearCandidates(spec: DatasetSpec, rows?: number): readonly Candidate<LinearParams>[] {
  const target = spec.target.transform === "log" ? "log" : "none";
  const price = target === "log" ? "log price" : "price";
  const complete = (name: string, params: z.input<typeof LinearParams>) => ({
    name: `${price} on ${name}`,
    params: LinearParams.parse({ target, ...params }),
  });
  const candidates = [
    complete("a log spline by level, with pairs of levels", {
      numbers: "log",
      knots: 12,
      interactions: true,
      pairs: true,
      others: "curved",
    }),
    complete("log cubes by level", { numbers: "log", powers: 3, interactions: true, others: "curved" }),
    complete("log numbers, a square and levels", { numbers: "log", powers: 2, others: "none" }),
    complete("raw numbers and levels", {}),
  ];
  if (target === "log")
    candidates.push({
      name: "raw price on raw numbers and levels",
      params: LinearParams.parse({ target: "none" }),
    });
  candidates.push(complete("main effects", { form: "effects" }));
  return candidates.filter(({ params }) => rows === undefined || isAffordable(spec, params, rows));
}
