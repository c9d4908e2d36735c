// Similar items: two range scans of one index, up and down from a value, merged nearest first; relaxed, the same in neighbouring levels.

import { compareWith, type TermDifference } from "#core/dataset/comparison.ts";
import { type LevelChange, neighbouringLevels } from "#core/dataset/neighbouring-levels.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { matchKeyOf } from "../items/index.ts";
import { withStorage } from "../storage/database.ts";
import { searchByTerms } from "./store/terms.ts";

/** By several terms: items that a first scan reads at least, and items that a second one reads at most. */
const limits = { items: 5000 } as const;
const probeItems = 30;

export interface SimilarItem {
  readonly id: string;
  readonly features: Row;
  readonly target: number | null;
  /** How far the nearest-by value lies, in its unit. */
  readonly distance: number;
  /** Whether all levels that the spec compares are the same. */
  readonly exact: boolean;
  /** Where they are not the same: what was asked for and what this item has. */
  readonly differs: LevelChange[];
  /** How far apart by each term, in its unit. */
  readonly apart: TermDifference[];
}

interface Found {
  readonly id: string;
  readonly features: string;
  readonly target: number | null;
  readonly near: number | null;
}

const place = "dataset = ?1 and match_key = ?2 and deleted_at is null";
const columns = `select id, features, target, near from items where ${place}`;

// Where ?4 rows below ?3 end; null where there are fewer. Read from the index alone.
const edge = `(select near from items where ${place} and near < ?3 order by near desc limit 1 offset ?4 - 1)`;

/**
 * Both scans; neither reads more than a few times ?4 rows, however large the table is and however many rows are equally near.
 * Ties go by id in both directions. Downwards the index has them the wrong way round: so first all rows above the edge, then those
 * on it, whose ids the index has in order again.
 */
export const similarStatements = {
  up: `${columns} and near >= ?3 order by near, id limit ?4`,
  down: `select * from (${columns} and near < ?3 and near > coalesce(${edge}, -9e999))
    union all select * from (${columns} and near = ${edge} order by id limit ?4)`,
} as const;

/** Where to look: the row with other levels put in, and how they differ from its own. */
interface Place {
  readonly row: Row;
  readonly differs: LevelChange[];
}

/** An item that a scan found, before it is one of an answer. */
interface Candidate {
  readonly found: Found;
  readonly features: Row;
  readonly differs: LevelChange[];
  readonly distance: number;
  readonly apart: TermDifference[];
}

interface Search {
  readonly candidates: Candidate[];
  readonly complete: boolean;
}

/** How near items are to the row that was asked, where what the spec compares is equally near: one number an item, lower is nearer. */
export type Nearness = (asked: Row, items: readonly Row[]) => number[];

export interface SimilarOptions {
  /** How many items at most. */
  readonly n: number;
  /** In how many other combinations of levels to look where too few have the same ones; 0 for none. */
  readonly neighbours: number;
  /** Which of equally distant items are nearer. */
  readonly nearness: Nearness;
  /** How many rows a scan reads beyond `n`, so that equally distant ones can be told apart. */
  readonly ties: number;
}

export interface SimilarGroup {
  readonly items: SimilarItem[];
  /** The nearest items with the same match levels, up to `ties` more than `n` of them. */
  readonly members: readonly { readonly near: number | null; readonly target: number | null }[];
  /** Whether nothing nearer with the same levels can have been left unread. */
  readonly complete: boolean;
}

/** Candidates over all of `places`, nearest first, in one round trip of two scans a place of at most `most` rows each. */
async function searchPlaces(
  env: Env,
  spec: DatasetSpec,
  places: readonly Place[],
  wanted: number,
  most: number,
): Promise<Search> {
  if (spec.similar?.near) {
    const reading = { probe: Math.max(probeItems, most >> 1), most: limits.items };
    return searchByTerms(env, spec, places, { n: wanted, ...reading });
  }
  const value = places[0].row[spec.similar?.nearest ?? ""] as number;
  const compare = compareWith(spec, places[0].row);
  const scans = places.flatMap(({ row }) => {
    const bound = [spec.name, matchKeyOf(spec, row), value, most];
    return [similarStatements.up, similarStatements.down].map((sql) => env.DB.prepare(sql).bind(...bound));
  });
  const results = await withStorage(() => env.DB.batch<Found>(scans));
  const candidates = results
    .flatMap((result, at) => {
      const { differs } = places[Math.floor(at / 2)];
      return result.results.flatMap((found) => {
        const features = JSON.parse(found.features) as Row;
        const compared = compare(features);
        return compared ? [{ found, differs, features, ...compared }] : [];
      });
    })
    .sort((a, b) => a.distance - b.distance);
  return { candidates, complete: true };
}

/** The first `n`: of those equally distant the nearest by `nearness`; by id only where that tells no difference either. */
function nearestOf(candidates: readonly Candidate[], row: Row, n: number, nearness: Nearness): SimilarItem[] {
  const last = candidates[Math.min(n, candidates.length) - 1]?.distance ?? 0;
  const within = candidates.filter(({ distance }) => distance <= last);
  const ties = nearness(
    row,
    within.map(({ features }) => features),
  );
  return within
    .map((candidate, at) => ({ ...candidate, tie: ties[at] }))
    .sort((a, b) => a.distance - b.distance || a.tie - b.tie || (a.found.id < b.found.id ? -1 : 1))
    .slice(0, n)
    .map(({ found: { id, target }, features, differs, distance, apart: terms }) => ({
      ...{ id, target, distance, differs, features, apart: terms },
      exact: differs.length === 0,
    }));
}

/**
 * At most `n` items: those with the same match levels, nearest first; then, one step of levels farther at a time, those of the
 * neighbours. So many
 * equally distant items as `ties` are told apart. The spec must compare something.
 */
export async function findSimilar(
  env: Env,
  spec: DatasetSpec,
  row: Row,
  { n, neighbours, nearness, ties }: SimilarOptions,
): Promise<SimilarGroup> {
  const pool = n + ties;
  const own: Place = { row, differs: [] };
  // Beyond the nearest that were wanted a search by terms may have gaps.
  const wanted = n + Math.ceil(ties / 10);
  const { candidates: exact, complete } = await searchPlaces(env, spec, [own], wanted, pool);
  const items = nearestOf(exact, row, n, nearness);
  // A search by terms asks three queries a combination of levels, one by a number two: of the 50 that D1 allows.
  let left = spec.similar?.near ? Math.floor((neighbours * 2) / 3) : neighbours;
  for (const ring of neighbouringLevels(spec, row)) {
    if (items.length >= n || left <= 0) break;
    const places = ring.slice(0, left).map((differs) => ({ differs, row: changeLevels(row, differs) }));
    left -= places.length;
    // The ties of one place are shared among the places of a ring, so that a ring reads no more than the row's own levels.
    const most = n - items.length + Math.ceil(ties / places.length);
    const { candidates } = await searchPlaces(env, spec, places, n - items.length, most);
    items.push(...nearestOf(candidates, row, n - items.length, nearness));
  }
  const members = exact
    .slice(0, spec.similar?.near ? wanted : pool)
    .map(({ found: { near, target } }) => ({ near, target }));
  return { items, members, complete };
}

function changeLevels(row: Row, changes: readonly LevelChange[]): Row {
  return { ...row, ...Object.fromEntries(changes.map(({ feature, found }) => [feature, found])) };
}
