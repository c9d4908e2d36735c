// The cleaning rules by name: each says why a row must go, and none changes a row.
import { quoted } from "#core/api/problem.ts";
import { listNames } from "#core/dataset/did-you-mean.ts";
import type { Feature, NumberFeature } from "#core/dataset/feature.ts";
import { numberOf } from "#core/dataset/feature-value.ts";
import { range } from "#core/dataset/row.ts";
import type { cleaningRuleNames, DatasetSpec } from "#core/dataset/spec.ts";
import { targetAsFeature } from "#core/dataset/target.ts";
import { columnNames, type RawRow } from "./raw-row.ts";

export type CleaningRuleName = (typeof cleaningRuleNames)[number];

/** Why the row breaks the rule; undefined for a row that may stay. */
export type Check = (row: RawRow) => string | undefined;

/** The features, and the target as one. */
function columnsOf(spec: DatasetSpec): Feature[] {
  return [...spec.features, targetAsFeature(spec)];
}

function isOutside(feature: NumberFeature, value: number): boolean {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = feature;
  return value > maximum || (feature.exclusiveMinimum ? value <= minimum : value < minimum);
}

function missingTarget(spec: DatasetSpec): Check {
  const { name } = spec.target;
  return ({ values }) => (values[name] === undefined ? `${name} is missing` : undefined);
}

function missingRequired(spec: DatasetSpec): Check {
  const names = spec.features.filter((feature) => feature.required).map((feature) => feature.name);
  return ({ values }) => {
    const lacking = names.filter((name) => values[name] === undefined);
    return lacking.length > 0 ? `${lacking.join(", ")} missing` : undefined;
  };
}

function invalidLevel(spec: DatasetSpec): Check {
  const levels = columnsOf(spec).flatMap((feature) =>
    feature.type === "category" ? [[feature.name, new Set<unknown>(feature.levels)] as const] : [],
  );
  return ({ values }) => {
    const bad = levels.find(([name, known]) => values[name] !== undefined && !known.has(values[name]));
    if (!bad) return undefined;
    const [name, known] = bad;
    return `${name}: expected one of ${listNames([...known] as string[])}; got ${quoted(values[name])}`.slice(
      0,
      500,
    );
  };
}

function outOfRange(spec: DatasetSpec): Check {
  const numbers = columnsOf(spec).filter((feature) => feature.type === "number");
  return ({ values }) => {
    const bad = numbers.find((feature) => {
      const value = numberOf(feature, values[feature.name]);
      return !Number.isNaN(value) && isOutside(feature, value);
    });
    return bad && `${bad.name}: expected a ${bad.as ?? "number"}${range(bad)}; got ${values[bad.name]}`;
  };
}

/** Remembers every row it lets pass: the first of equal rows (same features, same target) stays. */
function duplicate(spec: DatasetSpec): Check {
  const names = columnNames(spec);
  const seen = new Map<string, number>();
  return ({ row, values }) => {
    const key = JSON.stringify(names.map((name) => values[name] ?? null));
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row);
    return first === undefined ? undefined : `equal to row ${first}`;
  };
}

export const cleaningRules: Record<CleaningRuleName, (spec: DatasetSpec) => Check> = {
  "missing-target": missingTarget,
  "missing-required": missingRequired,
  "invalid-level": invalidLevel,
  "out-of-range": outOfRange,
  duplicate,
};
