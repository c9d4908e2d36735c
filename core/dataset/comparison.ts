// How far two rows are apart by what a spec compares: the distance, and each term of it.
import { groundKm, type Position } from "./ground.ts";
import type { Comparing } from "./nearest.ts";
import type { Place } from "./place.ts";
import type { Row } from "./row.ts";

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
