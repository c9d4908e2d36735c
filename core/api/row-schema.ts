// A dataset's row as JSON Schema 2020-12, for the API's description, for forms and for editors.
import type { Feature } from "../dataset/feature.ts";
import type { DatasetSpec } from "../dataset/spec.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

function describe(feature: Feature): string | undefined {
  const unit = feature.type === "number" && feature.unit ? ` In ${feature.unit}.` : "";
  return feature.description ? `${feature.description}${unit}` : unit.trim() || undefined;
}

function featureSchema(feature: Feature): JsonSchema {
  const described = {
    ...(feature.title ? { title: feature.title } : {}),
    ...(describe(feature) ? { description: describe(feature) } : {}),
    ...(feature.example === undefined ? {} : { examples: [feature.example] }),
  };
  // An optional feature may be given as null, which counts as absent.
  const type = (name: string) => (feature.required ? name : [name, "null"]);
  if (feature.type === "category") {
    const levels = feature.required ? feature.levels : [...feature.levels, null];
    return { ...described, type: type("string"), enum: levels };
  }
  const { minimum, maximum, exclusiveMinimum } = feature;
  return {
    ...described,
    type: type("number"),
    ...(minimum === undefined ? {} : exclusiveMinimum ? { exclusiveMinimum: minimum } : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** JSON Schema of one row of `spec`, as checkRow reads it. */
export function rowSchema(spec: DatasetSpec): JsonSchema {
  return {
    title: `${spec.title}: a row`,
    type: "object",
    additionalProperties: false,
    required: spec.features.filter((feature) => feature.required).map((feature) => feature.name),
    properties: Object.fromEntries(spec.features.map((feature) => [feature.name, featureSchema(feature)])),
  };
}

/** A row to start from: every feature's example, and for a required one without, its middle or its first level. */
export function exampleRow(spec: DatasetSpec): Record<string, number | string> {
  const row: Record<string, number | string> = {};
  for (const feature of spec.features) {
    if (feature.example !== undefined) row[feature.name] = feature.example;
    else if (!feature.required) continue;
    else if (feature.type === "category") row[feature.name] = feature.levels[0];
    else row[feature.name] = middleOf(feature.minimum, feature.maximum);
  }
  return row;
}

function middleOf(minimum: number | undefined, maximum: number | undefined): number {
  if (minimum !== undefined && maximum !== undefined) return minimum + (maximum - minimum) / 2;
  if (minimum !== undefined) return minimum + 1;
  return maximum === undefined ? 0 : maximum - 1;
}
