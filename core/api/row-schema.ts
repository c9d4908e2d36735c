// A dataset's row as JSON Schema 2020-12, for the API's description, for forms and for editors.
import { formatDay } from "../dataset/calendar.ts";
import type { Feature } from "../dataset/feature.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { wordsIn } from "../dataset/words.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

type Given = number | string | boolean;

function describe(feature: Feature): string | undefined {
  const unit = feature.type === "number" && feature.unit ? ` In ${feature.unit}.` : "";
  const description = wordsIn(feature.description);
  return description ? `${description}${unit}` : unit.trim() || undefined;
}

const mostListedLevels = 2000;

/** A value as a row carries it in JSON. */
function given({ as }: Feature, value: number | string | undefined): Given | undefined {
  return as === "boolean" && value !== undefined ? value === "true" : value;
}

const exampleOf = (feature: Feature) => given(feature, feature.example);

function featureSchema(feature: Feature): JsonSchema {
  const described = {
    ...(feature.title ? { title: wordsIn(feature.title) } : {}),
    ...(describe(feature) ? { description: describe(feature) } : {}),
    ...(feature.example === undefined ? {} : { examples: [exampleOf(feature)] }),
  };
  // An optional feature may be given as null, which counts as absent.
  const type = (name: string) => (feature.required ? name : [name, "null"]);
  if (feature.as === "boolean") return { ...described, type: type("boolean") };
  if (feature.type === "category") {
    // A list of thousands would drown the description; the row's check still holds it.
    if (feature.levels.length > mostListedLevels) return { ...described, type: type("string") };
    const levels = feature.required ? feature.levels : [...feature.levels, null];
    return { ...described, type: type("string"), enum: levels };
  }
  if (feature.as) {
    return { ...described, type: type("string"), format: feature.as === "date" ? "date" : "date-time" };
  }
  const { minimum, maximum, exclusiveMinimum } = feature;
  return {
    ...described,
    type: type(feature.integer ? "integer" : "number"),
    ...(minimum === undefined ? {} : exclusiveMinimum ? { exclusiveMinimum: minimum } : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** JSON Schema of one row of `spec`, as checkRow reads it. */
export function rowSchema(spec: DatasetSpec): JsonSchema {
  return {
    title: `${wordsIn(spec.title)}: a row`,
    type: "object",
    additionalProperties: false,
    required: spec.features.filter((feature) => feature.required).map((feature) => feature.name),
    properties: Object.fromEntries(spec.features.map((feature) => [feature.name, featureSchema(feature)])),
  };
}

/**
 * A row to start from: every feature's example, and for a required one without, its value in the row that is `typical` of training,
 * else its middle or its first level.
 */
export function exampleRow(
  spec: DatasetSpec,
  typical: Readonly<Record<string, number | string>> | null = null,
): Record<string, Given> {
  const row: Record<string, Given> = {};
  for (const feature of spec.features) {
    const example =
      exampleOf(feature) ?? (feature.required ? given(feature, typical?.[feature.name]) : undefined);
    if (example !== undefined) row[feature.name] = example;
    else if (!feature.required) continue;
    else if (feature.type === "category") row[feature.name] = feature.as ? false : feature.levels[0];
    else {
      const middle = middleOf(feature.minimum, feature.maximum);
      row[feature.name] = feature.as
        ? formatDay(middle, feature.as)
        : feature.integer
          ? Math.floor(middle)
          : middle;
    }
  }
  return row;
}

function middleOf(minimum: number | undefined, maximum: number | undefined): number {
  if (minimum !== undefined && maximum !== undefined) return minimum + (maximum - minimum) / 2;
  if (minimum !== undefined) return minimum + 1;
  return maximum === undefined ? 0 : maximum - 1;
}
