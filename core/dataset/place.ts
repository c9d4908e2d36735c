// A place of a dataset spec: two number features that are one position on the ground, shown, explained and compared as one.
import * as z from "zod";
import type { Feature } from "./feature.ts";
import { FieldName } from "./field-name.ts";
import { wordsSchema } from "./words-schema.ts";

export const Place = z.strictObject({
  name: FieldName,
  title: wordsSchema(200).optional(),
  description: wordsSchema(2000).optional(),
  /** The feature that holds degrees north, -90 to 90. */
  latitude: FieldName,
  /** The feature that holds degrees east, -180 to 180. */
  longitude: FieldName,
});

export type Place = z.infer<typeof Place>;

const bounds = { latitude: 90, longitude: 180 } as const;

/** What is wrong with a place beside these features: where in it, and what is allowed. */
export function placeFaults(
  place: Place,
  features: ReadonlyMap<string, Feature>,
): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  if (features.has(place.name))
    faults.push({ path: ["name"], message: `"${place.name}" is already a feature` });
  for (const part of ["latitude", "longitude"] as const) {
    const feature = features.get(place[part]);
    const most = bounds[part];
    if (feature?.type !== "number" || feature.as) {
      faults.push({ path: [part], message: `expected a number feature; got "${place[part]}"` });
    } else if ((feature.minimum ?? -most) < -most || (feature.maximum ?? most) > most) {
      faults.push({ path: [part], message: `expected a feature between ${-most} and ${most} degrees` });
    }
  }
  if (place.latitude === place.longitude)
    faults.push({ path: ["longitude"], message: "expected another feature than the latitude's" });
  const required = (name: string) => features.get(name)?.required;
  if (required(place.latitude) !== required(place.longitude))
    faults.push({
      path: ["longitude"],
      message: "expected both or neither of the two features to be required",
    });
  return faults;
}
