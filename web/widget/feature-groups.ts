// What a form asks and in which order: a few fields as the spec lists them, many by how much they matter, the rest folded away.
import type { Feature } from "#core/dataset/feature.ts";
import type { Place } from "#core/dataset/place.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

/** Up to so many fields keep the order of the spec, the optional ones folded. */
const few = 12;
/** Of more, so many stand open (and every required one), so many more behind one fold; the rest behind another. */
const open = 8;
const grouped = 20;

/** A field of the form: one feature, or the two of a place. */
export interface FormField {
  readonly name: string;
  readonly required: boolean;
  readonly features: readonly [Feature, ...Feature[]];
  readonly place?: Place;
}

export interface FieldGroups {
  readonly open: readonly FormField[];
  readonly more: readonly FormField[];
  readonly rest: readonly FormField[];
}

/** The fields in the spec's order; a place stands where its first feature does. */
export function formFields({ features, places = [] }: Pick<DatasetSpec, "features" | "places">): FormField[] {
  const fields = new Map<string, FormField>();
  for (const feature of features) {
    const { name, required } = feature;
    const place = places.find(({ latitude, longitude }) => name === latitude || name === longitude);
    const both =
      place && [place.latitude, place.longitude].map((part) => features.find((one) => one.name === part));
    if (place && both?.[0] && both[1]) {
      fields.set(place.name, { name: place.name, required, features: [both[0], both[1]], place });
    } else fields.set(name, { name, required, features: [feature] });
  }
  return [...fields.values()];
}

/** Groups of `fields`; `importance` by feature, in any unit. Without it the spec's order stands for it. */
export function groupFields(
  fields: readonly FormField[],
  importance: Readonly<Record<string, number>> | null | undefined,
): FieldGroups {
  if (fields.length <= few) {
    const [required, optional] = [true, false].map((wanted) =>
      fields.filter((field) => field.required === wanted),
    );
    return { open: required, more: optional, rest: [] };
  }
  const weights = new Map(
    fields.map((field) => [
      field,
      field.features.reduce((sum, { name }) => sum + (importance?.[name] ?? 0), 0),
    ]),
  );
  const ranked = [...fields].sort((a, b) => weights.get(b)! - weights.get(a)!);
  let room = Math.max(0, open - ranked.filter((field) => field.required).length);
  const shown = ranked.filter((field) => field.required || room-- > 0);
  const folded = ranked.filter((field) => !shown.includes(field));
  const more = folded.slice(0, Math.max(0, grouped - shown.length));
  const others = new Set(folded.slice(more.length));
  return { open: shown, more, rest: fields.filter((field) => others.has(field)) };
}
