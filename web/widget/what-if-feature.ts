// Against which feature the curve is drawn: the one moved last, where a curve over it says something.

import type { Feature } from "#core/dataset/feature.ts";
import { nearestNumber } from "#core/dataset/nearest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { GivenRow } from "../engines/engine.ts";

/** More levels than this are no line. */
const mostLevels = 24;

/** A yes or no has no curve, and half of a position on the ground says nothing by itself. */
function hasCurve(feature: Feature, { places = [] }: DatasetSpec): boolean {
  if (feature.type === "category")
    return feature.ordered && !feature.as && feature.levels.length <= mostLevels;
  return !places.some(({ latitude, longitude }) => feature.name === latitude || feature.name === longitude);
}

export interface WhatIfChoice {
  /** The feature that was moved last; "" before any was. */
  readonly moved: string;
  /** The one drawn now; it stays where the one moved has no curve. */
  readonly present: string;
  readonly importance: Readonly<Record<string, number>> | null | undefined;
}

/** `moved`, else `present`, else the spec's main number, else the number that matters most, else the first; "" where there is none. */
export function whatIfFeature(spec: DatasetSpec, row: GivenRow, choice: WhatIfChoice): string {
  const { moved, present, importance } = choice;
  const known = spec.features.filter((feature) => row[feature.name] !== undefined && hasCurve(feature, spec));
  const named = (name: string | undefined) => known.find((feature) => feature.name === name)?.name;
  const weight = ({ name }: Feature) => importance?.[name] ?? 0;
  const [number] = known.filter(({ type }) => type === "number").sort((a, b) => weight(b) - weight(a));
  return named(moved) ?? named(present) ?? named(nearestNumber(spec)) ?? number?.name ?? known[0]?.name ?? "";
}
