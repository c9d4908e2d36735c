// Similar items: two range scans of one index, up and down from a value, merged nearest first.
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { withStorage } from "./database.ts";
import { matchKeyOf } from "./items.ts";

export interface SimilarItem {
  readonly id: string;
  readonly features: Row;
  readonly target: number | null;
  /** How far the nearest-by value lies, in its unit. */
  readonly distance: number;
  /** Whether all levels that the spec compares are the same. */
  readonly exact: boolean;
}

interface Found {
  readonly id: string;
  readonly features: string;
  readonly target: number | null;
  readonly near: number;
}

const columns = `select id, features, target, near from items
  where dataset = ?1 and match_key = ?2 and deleted_at is null`;

/** Both scans; each ends after its ?4 rows, so the work does not grow with the table. Ties go by id in both directions. */
export const similarStatements = {
  up: `${columns} and near >= ?3 order by near, id limit ?4`,
  down: `${columns} and near < ?3 order by near desc, id limit ?4`,
} as const;

/** Distances are compared and told to 12 digits: 1.01 - 1 and 1.02 - 1.01 are as far as each other. */
function distanceOf(a: number, b: number): number {
  return Number(Math.abs(a - b).toPrecision(12));
}

/** At most `n` items with the same match levels, nearest first, ties by id. The spec must compare something. */
export async function findSimilar(
  env: Env,
  spec: DatasetSpec,
  nearest: string,
  row: Row,
  n: number,
): Promise<SimilarItem[]> {
  const value = row[nearest] as number;
  const bound = [spec.name, matchKeyOf(spec, row), value, n];
  const [up, down] = await withStorage(() =>
    env.DB.batch<Found>([
      env.DB.prepare(similarStatements.up).bind(...bound),
      env.DB.prepare(similarStatements.down).bind(...bound),
    ]),
  );
  return [...up.results, ...down.results]
    .map((found) => ({ ...found, distance: distanceOf(found.near, value) }))
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, n)
    .map(({ id, features, target, distance }) => ({
      ...{ id, target, distance },
      features: JSON.parse(features),
      exact: true,
    }));
}
