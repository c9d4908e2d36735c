// A spec as a table of houses gives it: a place, yes and no, dates, whole numbers, a long list of levels, words in several languages,
// no examples, and more features than a form shows at once.
import type { TrainingFacts } from "#core/bundle/training-facts.ts";
import { checkSpec } from "#core/dataset/spec.ts";

/** Sixty made-up quarters of a town; the first has an accent that people leave out. */
export const quarters = [
  "São Brás",
  ...["North", "East", "South", "West"].flatMap((side) =>
    Array.from({ length: 15 }, (_, at) => `${side}field ${at + 1}`),
  ),
].slice(0, 60);

const lesser = Array.from({ length: 16 }, (_, at) => ({
  name: `detail_${at + 1}`,
  title: `Detail ${at + 1}`,
  type: "number",
  ...{ minimum: 0, maximum: 100 },
}));

export const houses = checkSpec({
  name: "houses",
  title: { en: "Houses", es: "Casas" },
  version: 1,
  task: "regression",
  source: { format: "csv", path: "houses.csv" },
  target: { name: "price", title: { en: "Price", es: "Precio" }, unit: "EUR", transform: "log", minimum: 1 },
  features: [
    ...lesser,
    {
      name: "area",
      title: { en: "Living area", es: "Superficie", de: "Wohnfläche" },
      description: { en: "Without cellars.", es: "Sin sótanos." },
      type: "number",
      unit: "m²",
      ...{ minimum: 1, maximum: 3000, integer: true, required: true },
    },
    { name: "kind", title: "Kind", type: "category", levels: ["flat", "house", "loft"], required: true },
    { name: "quarter", title: "Quarter", type: "category", levels: quarters, required: true },
    { name: "lift", title: "Lift", type: "boolean", required: true },
    { name: "garden", title: "Garden", type: "boolean" },
    {
      name: "built",
      title: "Built",
      type: "date",
      minimum: "1850-01-01",
      maximum: "2030-12-31",
      required: true,
    },
    { name: "street", title: "Street", type: "category", levels: quarters.map((name) => `${name} street`) },
    { name: "latitude", title: "Latitude", type: "number", minimum: -90, maximum: 90, required: true },
    { name: "longitude", title: "Longitude", type: "number", minimum: -180, maximum: 180, required: true },
  ],
  places: [{ name: "position", title: "Position", latitude: "latitude", longitude: "longitude" }],
  split: { testShare: 0.2, seed: 1 },
  similar: { match: ["kind"], nearest: "area" },
});

/** What its model was trained on: areas crowd at the low end of their range. */
export const houseTraining: TrainingFacts = {
  typical: {
    ...{
      area: 96,
      kind: "house",
      quarter: "Eastfield 7",
      lift: "false",
      garden: "true",
      built: "1987-06-01",
    },
    ...{ latitude: 38.6, longitude: -121.4, detail_1: 5 },
  },
  importance: {
    ...{ area: 0.4, quarter: 0.2, detail_9: 0.1, kind: 0.05, latitude: 0.05, longitude: 0.05, garden: 0.04 },
    ...{ lift: 0.03, built: 0.03, street: 0.02, detail_2: 0.01 },
  },
  quantiles: {
    area: [12, 45, 70, 96, 130, 240, 587],
    built: [-20_000, -10_000, 0, 6360, 12_000, 17_000, 19_000],
    latitude: [38.2, 38.4, 38.5, 38.6, 38.7, 38.8, 39.0],
    longitude: [-121.9, -121.6, -121.5, -121.4, -121.3, -121.2, -120.9],
  },
};
