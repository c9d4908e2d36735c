// What makes rows of a dataset similar: levels that they share, and the numbers and the place by which they are near.
import * as z from "zod";
import type { Feature } from "./feature.ts";
import { FieldName } from "./field-name.ts";
import type { Place } from "./place.ts";

const most = { match: 8, terms: 20 } as const;

const Term = z.strictObject({
  /** A number feature, or a place. */
  by: FieldName,
  /** The difference that counts as 1: in the feature's unit, for a place in km. The smaller, the more the term weighs. */
  scale: z.number().positive().max(1e12),
});

export const Similar = z.strictObject({
  /** Features whose levels must be the same. */
  match: z.array(FieldName).max(most.match).default([]),
  /** The one number by which rows are near; the distance is its difference. */
  nearest: FieldName.optional(),
  /** Instead: several terms. The distance is the root of the sum of squares of what each counts. */
  near: z.array(Term).min(1).max(most.terms).optional(),
});

export type Similar = z.infer<typeof Similar>;

interface Known {
  readonly features: ReadonlyMap<string, Feature>;
  readonly places: ReadonlyMap<string, Place>;
}

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

function termFaults(terms: NonNullable<Similar["near"]>, { features, places }: Known): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  let placesSeen = 0;
  let isRequired = false;
  terms.forEach(({ by }, at) => {
    const fault = (message: string) => faults.push({ path: ["near", at, "by"], message });
    const place = places.get(by);
    const feature = features.get(place?.latitude ?? by);
    if (seen.has(by)) fault(`"${by}" is already a term`);
    seen.add(by);
    if (place && ++placesSeen > 1) fault("expected no second place");
    if (feature?.type !== "number" || feature.as) fault(`expected a number or a place; got "${by}"`);
    else isRequired ||= feature.required;
  });
  if (faults.length === 0 && !isRequired)
    faults.push({ path: ["near"], message: "expected at least one term that every row gives (required)" });
  return faults;
}

/** What is wrong with `similar` beside these features and places: where in it, and what is allowed. */
export function similarFaults(similar: Similar, known: Known): Fault[] {
  const { match, nearest, near } = similar;
  const faults: Fault[] = match.flatMap((name, at) => {
    const feature = known.features.get(name);
    if (feature?.type === "category" && feature.required) return [];
    return [{ path: ["match", at], message: `expected a required category; got "${name}"` }];
  });
  if (near) {
    if (nearest !== undefined)
      faults.push({ path: ["nearest"], message: "expected nearest or near, not both" });
    return [...faults, ...termFaults(near, known)];
  }
  const feature = nearest === undefined ? undefined : known.features.get(nearest);
  if (feature?.type !== "number" || feature.as || !feature.required)
    faults.push({ path: ["nearest"], message: `expected a required number; got "${nearest ?? ""}"` });
  return faults;
}
