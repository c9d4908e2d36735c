// The measure for rows that give the required features alone: a model that never knew any other.
import type { Params } from "#core/bundle/manifest.ts";
import { sourcesOf } from "#core/dataset/derived.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Family } from "../../trainer/families/family.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { seeded } from "../../trainer/random.ts";

/** Held-out mean absolute error of the family fitted to the required features alone. */
export async function fitRequiredOnly(
  { spec, seed, train, test }: PreparedData,
  family: Family,
  params: Params,
): Promise<number> {
  const features = spec.features.filter(({ required }) => required);
  const names = new Set(features.map(({ name }) => name));
  const derived = spec.derived?.filter((one) => sourcesOf(one).every((name) => names.has(name)));
  const bare = { ...spec, features, derived };
  const model = await family.fit(params, train, { spec: bare, random: seeded(seed) });
  return meanAbsoluteError(test.target, taskOf(spec).settle(spec, model.predict(test)));
}
