// What makes rows of a dataset similar: levels that they share, and the numbers and the place by which they are near.
import * as z from "zod";
import type { Feature } from "./feature.ts";
import { FieldName } from "./field-name.ts";
import { groundKm, type Position } from "./ground.ts";
import type { Place } from "./place.ts";
import type { Row } from "./row.ts";

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

/** A spec, as far as comparing goes. */
interface Comparing {
  readonly features: readonly Feature[];
  readonly places?: readonly Place[];
  readonly similar?: Similar;
}

/** The number by which similar items are near, the first of several; undefined where only a place is compared, or nothing. */
export function nearestNumber({ similar, places = [] }: Comparing): string | undefined {
  if (!similar?.near) return similar?.nearest;
  return similar.near.find(({ by }) => !places.some(({ name }) => name === by))?.by;
}

/** The place by which similar items are near. */
export function nearestPlace({ similar, places = [] }: Comparing): Place | undefined {
  return places.find(({ name }) => similar?.near?.some(({ by }) => by === name));
}

/** Where a row is; undefined where it does not say. */
export function positionOf(place: Place, row: Row): Position | undefined {
  const [latitude, longitude] = [row[place.latitude], row[place.longitude]];
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : undefined;
}

/** How far two rows are apart by one term. */
export interface TermDifference {
  readonly by: string;
  /** The other's number less one's own; for a place the kilometres between. */
  readonly difference: number;
  /** The feature's unit, "km" for a place. */
  readonly unit: string;
}

export interface Compared {
  readonly distance: number;
  readonly apart: TermDifference[];
}

/** Told to 12 digits, so that 1.01 - 1 and 1.02 - 1.01 are as far as each other. */
const rounded = (value: number) => Number(value.toPrecision(12));

/** One comparison a term; a term that `row` does not give counts nothing. */
export type Compare = (other: Row) => Compared | undefined;

/** Compares others with `row`; undefined for one that does not tell what the row does. */
export function compareWith({ similar, features, places = [] }: Comparing, row: Row): Compare {
  const terms = similar?.near ?? (similar?.nearest === undefined ? [] : [{ by: similar.nearest, scale: 1 }]);
  const given = terms.flatMap(({ by, scale }) => {
    const place = places.find(({ name }) => name === by);
    if (place) {
      const own = positionOf(place, row);
      const differenceTo = (other: Row) => {
        const there = own && positionOf(place, other);
        return there && groundKm(own, there);
      };
      return own ? [{ by, scale, unit: "km", differenceTo }] : [];
    }
    const own = row[by];
    const feature = features.find(({ name }) => name === by);
    const unit = (feature?.type === "number" && feature.unit) || "";
    const differenceTo = (other: Row) => {
      const value = other[by];
      return typeof value === "number" && typeof own === "number" ? value - own : undefined;
    };
    return typeof own === "number" ? [{ by, scale, unit, differenceTo }] : [];
  });
  return (other) => {
    const apart: TermDifference[] = [];
    let squares = 0;
    for (const { by, scale, unit, differenceTo } of given) {
      const difference = differenceTo(other);
      if (difference === undefined) return undefined;
      apart.push({ by, difference: rounded(difference), unit });
      squares += (difference / scale) ** 2;
    }
    return { distance: rounded(Math.sqrt(squares)), apart };
  };
}
