// The dataset spec: what a row is, what is priced, how it is cleaned, split and compared. Everything about a dataset comes from here.
import * as z from "zod";
import { type FieldError, InputError, toPointer } from "../api/problem.ts";
import { classFields, targetFaults } from "./class-target.ts";
import { Derived, derivedFaults } from "./derived.ts";
import { Feature, featureFaults, featureLimits } from "./feature.ts";
import { FieldName } from "./field-name.ts";
import { Place, placeFaults } from "./place.ts";
import { Similar, similarFaults } from "./similar.ts";
import { Source } from "./source.ts";
import { wordsSchema } from "./words-schema.ts";

/** A spec is kept as one value of D1, which holds 2,000,000 bytes. */
const limits = {
  features: 2000,
  derived: 50,
  places: 10,
  text: featureLimits.text,
  specBytes: 1_900_000,
} as const;

export const cleaningRuleNames = [
  "missing-target",
  "missing-required",
  "invalid-level",
  "out-of-range",
  "duplicate",
] as const;

/** An amount, one of two classes, or one of more. */
export const taskNames = ["regression", "binary", "multiclass"] as const;
export type TaskName = (typeof taskNames)[number];

export const DatasetSpec = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, "expected lower-case letters, digits and -, starting with a letter"),
    title: wordsSchema(200),
    description: wordsSchema(limits.text).optional(),
    version: z.int().min(1),
    task: z.enum(taskNames),
    source: Source,
    target: z.strictObject({
      name: FieldName,
      /** The header of its column in the source, where it is not the name. */
      column: z.string().min(1).max(200).optional(),
      title: wordsSchema(200).optional(),
      description: wordsSchema(limits.text).optional(),
      /** An ISO 4217 code where the target is money (the widget then formats it as money), any unit otherwise; a class has none. */
      unit: z.string().max(40).default(""),
      transform: z.enum(["none", "log"]).default("none"),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      ...classFields,
    }),
    features: z.array(Feature).min(1).max(limits.features),
    /** Pairs of features that are one position on the ground. */
    places: z.array(Place).max(limits.places).optional(),
    /** Columns that models may use beside the features; no row carries them. */
    derived: z.array(Derived).max(limits.derived).optional(),
    clean: z.array(z.enum(cleaningRuleNames)).default([]),
    split: z.strictObject({
      testShare: z.number().gt(0).lt(1),
      seed: z
        .int()
        .min(0)
        .max(2 ** 32 - 1),
    }),
    /** When so many items are new or changed since the last training on them, the next one is queued by itself. */
    retrain: z.strictObject({ freshItems: z.int().min(1).max(1_000_000_000) }).optional(),
    similar: Similar.optional(),
  })
  .superRefine((spec, context) => {
    const fault = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const { path, message } of targetFaults(spec.task, spec.target)) fault(["target", path], message);
    const byName = new Map<string, Feature>();
    spec.features.forEach((feature, index) => {
      if (feature.name === "id")
        fault(["features", index, "name"], `"id" is the row's own identity, not a feature`);
      if (byName.has(feature.name))
        fault(["features", index, "name"], `"${feature.name}" is already a feature`);
      byName.set(feature.name, feature);
      for (const { path, message } of featureFaults(feature)) fault(["features", index, ...path], message);
    });
    spec.places?.forEach((place, index) => {
      for (const { path, message } of placeFaults(place, byName)) fault(["places", index, ...path], message);
    });
    const derivedNames = new Set<string>();
    spec.derived?.forEach((derived, index) => {
      const { name } = derived;
      if (byName.has(name) || name === spec.target.name || derivedNames.has(name))
        fault(["derived", index, "name"], `"${name}" is already a name`);
      derivedNames.add(name);
      for (const { path, message } of derivedFaults(derived, byName))
        fault(["derived", index, ...path], message);
    });
    if (byName.has(spec.target.name)) fault(["target", "name"], `"${spec.target.name}" is also a feature`);
    if (spec.target.transform === "log" && !(spec.target.minimum !== undefined && spec.target.minimum > 0)) {
      fault(["target", "minimum"], "expected a minimum above 0, since the target's transform is log");
    }
    if (spec.similar) {
      const places = new Map(spec.places?.map((place) => [place.name, place]));
      for (const { path, message } of similarFaults(spec.similar, { features: byName, places }))
        fault(["similar", ...path], message);
    }
  });

export type DatasetSpec = z.infer<typeof DatasetSpec>;

/** Largest spec, in bytes of JSON, that is read at all. */
export const maxSpecBytes = limits.specBytes;

/** Checks an already parsed JSON value against the spec's schema; throws InputError with one JSON pointer a fault. */
export function checkSpec(value: unknown): DatasetSpec {
  const result = DatasetSpec.safeParse(value);
  if (result.success) return result.data;
  const errors: FieldError[] = result.error.issues.map((issue) => ({
    pointer: toPointer(issue.path),
    detail: issue.message.replace(/^Invalid input: /, "").replace(/^Unrecognized key/, "unknown field"),
  }));
  throw new InputError(errors);
}

/** Parses the text of a dataset.json; `file` is named in every fault. */
export function parseSpec(text: string, file: string): DatasetSpec {
  if (text.length > limits.specBytes)
    throw new InputError(`${file}: expected at most ${limits.specBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: not JSON: ${(error as Error).message}`);
  }
  try {
    return checkSpec(value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.errors.map((fault) => ({ ...fault, detail: `${fault.detail} (${file})` })));
  }
}

/** The spec as canonical JSON (keys sorted at every depth, no white space): what its hash is taken of. */
export function canonicalSpec(spec: DatasetSpec): string {
  return canonicalJson(spec);
}

/** JSON with keys sorted at every depth (RFC 8785 for the values that occur here): equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
