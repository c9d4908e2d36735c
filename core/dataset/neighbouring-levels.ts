// Combinations of match levels around a row's own, ring by ring: one step away, then two, until there are none.

import type { CategoryFeature } from "./feature.ts";
import type { Row } from "./row.ts";
import type { DatasetSpec } from "./spec.ts";

/** One level that differs from what was asked for, and by how many steps. */
export interface LevelChange {
  readonly feature: string;
  readonly wanted: string;
  readonly found: string;
  /** Levels between the two, plus one, where the levels are ordered; 1 where they are not. */
  readonly steps: number;
}

interface Neighbour extends LevelChange {
  readonly isOrdered: boolean;
}

/** More combinations than this are not looked through for one ring: eight features of a thousand levels have more than anyone can scan. */
const maxRing = 2000;

/** Every other level of a feature, the nearest first; of two as near the better (later) one first. */
function neighboursOf(feature: CategoryFeature, wanted: string): Neighbour[] {
  const own = feature.levels.indexOf(wanted);
  return feature.levels
    .map((found, at) => ({
      ...{ feature: feature.name, wanted, found, at, isOrdered: feature.ordered },
      steps: feature.ordered ? Math.abs(at - own) : 1,
    }))
    .filter(({ at }) => at !== own)
    .sort((a, b) => a.steps - b.steps || b.at - a.at)
    .map(({ at: _, ...neighbour }) => neighbour);
}

/** Combinations of at most one neighbour a feature whose steps sum to `steps`; `most[i]`: what features from i on can add at most. */
function* combine(
  choices: readonly (readonly Neighbour[])[],
  most: readonly number[],
  steps: number,
  from = 0,
): Generator<Neighbour[]> {
  if (steps === 0) yield [];
  if (steps === 0 || from >= choices.length || steps > most[from]) return;
  for (const neighbour of choices[from]) {
    if (neighbour.steps > steps) break;
    for (const rest of combine(choices, most, steps - neighbour.steps, from + 1)) yield [neighbour, ...rest];
  }
  yield* combine(choices, most, steps, from + 1);
}

const countUnordered = (changes: readonly Neighbour[]) =>
  changes.filter(({ isOrdered }) => !isOrdered).length;
const farthest = (changes: readonly Neighbour[]) => Math.max(...changes.map(({ steps }) => steps));

/**
 * Rings of combinations, nearest first: all of one ring differ from the row's levels by the same number of steps in sum. Within a
 * ring ordered levels change before unordered ones, and small steps of several before a large step of one.
 */
export function* neighbouringLevels(spec: DatasetSpec, row: Row): Generator<LevelChange[][]> {
  const choices = (spec.similar?.match ?? []).map((name) => {
    const feature = spec.features.find(
      (one): one is CategoryFeature => one.name === name && one.type === "category",
    );
    return feature ? neighboursOf(feature, row[name] as string) : [];
  });
  const most = choices.map((_, at) =>
    choices.slice(at).reduce((sum, neighbours) => sum + (neighbours.at(-1)?.steps ?? 0), 0),
  );
  for (let steps = 1; steps <= (most[0] ?? 0); steps++) {
    const ring: Neighbour[][] = [];
    for (const changes of combine(choices, most, steps)) {
      ring.push(changes);
      if (ring.length >= maxRing) break;
    }
    ring.sort((a, b) => countUnordered(a) - countUnordered(b) || farthest(a) - farthest(b));
    yield ring.map((changes) => changes.map(({ isOrdered: _, ...change }) => change));
  }
}
