// Made-up houses of bench:similar: 300 towns of very different size over a country, each as dense in its middle as towns are.
import { checkSpec } from "#core/dataset/spec.ts";
import { seeded } from "#core/random.ts";

export const houses = checkSpec({
  name: "houses",
  title: "Houses",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "houses.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    { name: "latitude", type: "number", minimum: -90, maximum: 90, required: true },
    { name: "longitude", type: "number", minimum: -180, maximum: 180, required: true },
    { name: "area", type: "number", unit: "m²", minimum: 10, required: true },
    { name: "kind", type: "category", levels: ["castle", "house", "flat"], required: true },
  ],
  places: [{ name: "position", latitude: "latitude", longitude: "longitude" }],
  split: { testShare: 0.2, seed: 1 },
  similar: {
    match: ["kind"],
    near: [
      { by: "position", scale: 1 },
      { by: "area", scale: 20 },
    ],
  },
});

/** Two normal draws (Box and Muller, 1958). */
function normals(random: () => number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

const draw = seeded(7);
const towns = Array.from({ length: 300 }, () => ({
  latitude: 40 + 8 * draw(),
  longitude: -2 + 10 * draw(),
  spread: 0.01 + 0.06 * draw() ** 3,
}));

/** A house in one of the towns; the first towns have most of them. */
export function drawHouse(random: () => number): Record<string, number | string> {
  const { latitude, longitude, spread } = towns[Math.floor(towns.length * random() ** 3)];
  const [north, east] = normals(random);
  const [size] = normals(random);
  return {
    latitude: latitude + spread * north,
    longitude: longitude + spread * east,
    area: Math.max(10, Math.round(100 + 40 * size)),
    kind: random() < 0.5 ? "house" : "flat",
  };
}
