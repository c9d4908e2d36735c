// Which feature of the spec each feature of a foreign model is, by name, and which level each of its category codes stands for.
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { EnsembleFeature } from "#core/trees/ensemble.ts";

/** A feature as the model's file tells of it. */
export interface ForeignFeature {
  readonly name: string;
  /** Whether the model splits it by sets of codes; undefined where the file does not say. */
  readonly isCategory?: boolean;
  /** What codes 0, 1, ... stand for, where the file says. */
  readonly levels?: readonly string[];
}

export interface MatchedFeatures {
  /** In the model's order, so that its feature numbers hold. */
  readonly features: readonly EnsembleFeature[];
  /** Spec level of each code of each feature; undefined where code is level (the file names no levels). */
  readonly levelOfCode: readonly (readonly number[] | undefined)[];
  /** Features of the spec that the model does without. */
  readonly unused: readonly string[];
}

/** Throws InputError that names every feature the spec lacks beside those it has, and every level likewise. */
export function matchFeatures(spec: DatasetSpec, foreign: readonly ForeignFeature[]): MatchedFeatures {
  const byName = new Map(spec.features.map((feature) => [feature.name, feature]));
  const names = foreign.map((feature) => feature.name);
  const unknown = names.filter((name) => !byName.has(name));
  const unused = [...byName.keys()].filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const lacking = unused.length > 0 ? `; the model lacks ${list(unused)}` : "";
    throw new InputError(
      `features of the model that dataset ${spec.name} does not have: ${list(unknown)}${lacking}; expected names among ${list([...byName.keys()])}`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`the model names feature ${twice} twice`);
  const levelOfCode: (readonly number[] | undefined)[] = [];
  const features = foreign.map((feature): EnsembleFeature => {
    const known = byName.get(feature.name);
    if (known?.type === "category") {
      levelOfCode.push(feature.levels && matchLevels(feature.name, feature.levels, known.levels));
      return { name: known.name, type: "category", levels: known.levels };
    }
    if (feature.isCategory) {
      throw new InputError(
        `feature ${feature.name}: a category in the model, a number in dataset ${spec.name}`,
      );
    }
    levelOfCode.push(undefined);
    return { name: feature.name, type: "number" };
  });
  return { features, levelOfCode, unused };
}

function matchLevels(name: string, codes: readonly string[], levels: readonly string[]): readonly number[] {
  const unknown = codes.filter((level) => !levels.includes(level));
  if (unknown.length > 0) {
    throw new InputError(`feature ${name}: the model has levels ${list(unknown)}; expected ${list(levels)}`);
  }
  return codes.map((level) => levels.indexOf(level));
}

/** Spec levels of a split's set of codes. Throws InputError for a code that stands for no level; `where` names the node. */
export function toLevels(
  matched: MatchedFeatures,
  feature: number,
  codes: readonly number[],
  where: string,
): number[] {
  const { name, ...rest } = matched.features[feature];
  if (!("levels" in rest)) throw new InputError(`${where}: splits number ${name} by a set of levels`);
  const mapping = matched.levelOfCode[feature];
  const count = mapping?.length ?? rest.levels.length;
  return codes.map((code) => {
    if (!(Number.isInteger(code) && code >= 0 && code < count)) {
      throw new InputError(`${where}: category ${code} of ${name}; expected codes below ${count}`);
    }
    return mapping ? mapping[code] : code;
  });
}

/** Throws InputError where a threshold splits a category whose codes come in another order than the spec's levels. */
export function checkOrdered(matched: MatchedFeatures, feature: number, where: string): void {
  if (matched.levelOfCode[feature]?.some((level, code) => level !== code)) {
    const { name } = matched.features[feature];
    throw new InputError(
      `${where}: a threshold on ${name}, whose levels the model orders differently from the spec`,
    );
  }
}

const longest = 20;

function list(names: readonly string[]): string {
  const shown = names.slice(0, longest).map((name) => name.slice(0, 64));
  return names.length > longest ? `${shown.join(", ")} and ${names.length - longest} more` : shown.join(", ");
}
