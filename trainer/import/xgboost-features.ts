// The features of an XGBoost model: names, types and, since 3.1, the levels its category codes stand for.
import { InputError } from "#core/api/problem.ts";
import { ensembleLimits } from "#core/trees/check-ensemble.ts";
import { countAt, type Document, listAt, numbersAt, objectAt, objectIn, stringsAt } from "./document.ts";
import type { ForeignFeature } from "./match-features.ts";

/** Features in the model's order; `given` stands in for names that the file does not hold. */
export function readXgboostFeatures(
  learner: Document,
  model: Document,
  params: Document,
  given?: readonly string[],
): ForeignFeature[] {
  const count = countAt(params, "num_feature", "learner_model_param");
  if (count > ensembleLimits.features) {
    throw new InputError(`num_feature: expected at most ${ensembleLimits.features}; got ${count}`);
  }
  const own = stringsAt(learner, "feature_names", "learner");
  const names = given ?? own;
  if (names.length === 0) {
    throw new InputError(
      `the model holds no feature names (it was fitted on a bare array): name its ${count} features in their order`,
    );
  }
  if (names.length !== count) throw new InputError(`feature names: expected ${count}; got ${names.length}`);
  const types = stringsAt(learner, "feature_types", "learner");
  const levels = readLevels(model, count);
  return names.map((name, index) => ({
    name,
    isCategory: types.length === count ? types[index] === "c" : undefined,
    levels: levels[index],
  }));
}

/** Level names by feature; a feature without them has none. Strings lie end to end in one list of bytes. */
function readLevels(model: Document, count: number): (string[] | undefined)[] {
  if (model.cats === undefined || model.cats === null) return [];
  const encodings = listAt(objectAt(model, "cats", "model"), "enc", "cats");
  if (encodings.length !== 0 && encodings.length !== count) {
    throw new InputError(`cats.enc: expected ${count} encodings; got ${encodings.length}`);
  }
  return encodings.map((_, index) => {
    const path = `cats.enc.${index}`;
    const encoding = objectIn(encodings, index, "cats.enc");
    const values = numbersAt(encoding, "values", path);
    if (encoding.offsets === undefined) {
      return values.length === 0 ? undefined : Array.from(values, String);
    }
    const offsets = numbersAt(encoding, "offsets", path);
    if (offsets.length < 2) return undefined;
    const bytes = Uint8Array.from(values, (value) => value & 255);
    const text = new TextDecoder();
    return Array.from({ length: offsets.length - 1 }, (_, at) => {
      const [start, end] = [offsets[at], offsets[at + 1]];
      if (!(start >= 0 && start <= end && end <= bytes.length)) {
        throw new InputError(`${path}.offsets: expected rising positions up to ${bytes.length}`);
      }
      return text.decode(bytes.subarray(start, end));
    });
  });
}
