// Where a search starts: at the family's own candidates, as near to them as its space comes.
import type { Params } from "#core/bundle/manifest.ts";
import { canonicalJson } from "#core/dataset/spec.ts";
import type { Dimension, Space } from "./space.ts";

export interface SearchStart {
  /** Parameters that the space leaves out, as the first candidate has them. */
  readonly fixed: Params;
  /** Points of the space to try first: each candidate with these fixed parameters. */
  readonly initial: readonly Params[];
}

/** The value of a dimension nearest to `value`; undefined for a choice that it does not have. */
function nearest(dimension: Dimension, value: Params[string]): Params[string] | undefined {
  if (dimension.type === "category") return dimension.choices.includes(value) ? value : undefined;
  if (typeof value !== "number") return undefined;
  // A default may lie just outside, as a penalty of 0 does where the logarithm is searched.
  const inside = Math.min(dimension.high, Math.max(dimension.low, value));
  return dimension.type === "int" ? Math.round(inside) : inside;
}

/** Splits complete parameters of candidates, the default first, into what stays fixed and where to start. */
export function findStart(space: Space, candidates: readonly Params[]): SearchStart {
  const outside = (params: Params) =>
    Object.fromEntries(Object.entries(params).filter(([name]) => !Object.hasOwn(space, name)));
  const fixed = outside(candidates[0]);
  const initial = new Map<string, Params>();
  for (const params of candidates) {
    if (canonicalJson(outside(params)) !== canonicalJson(fixed)) continue;
    const point = Object.entries(space).map(
      ([name, dimension]) => [name, nearest(dimension, params[name])] as const,
    );
    if (point.some(([, value]) => value === undefined)) continue;
    const entries = Object.fromEntries(point) as Params;
    initial.set(canonicalJson(entries), entries);
  }
  return { fixed, initial: [...initial.values()] };
}
