// By what a dataset's similar items are near. Apart from the schema, whose library the widget does not load.
import type { Feature } from "./feature.ts";
import type { Place } from "./place.ts";
import type { Similar } from "./similar.ts";

/** A spec, as far as comparing goes. */
export interface Comparing {
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
