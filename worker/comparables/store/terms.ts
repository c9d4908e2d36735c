// Similar items by several terms: near on the ground, near by a number, or both. Two rounds of index scans, whatever the table's size.
//
// Round one reads a few items around the row's cell on the curve and a few around its number. The n-th best of them bounds the
// distance of the answer: what is nearer must lie within that distance by every single term. Round two reads just that: the cells of a
// disc, or the numbers of a span, cut by the other. So the answer is exact, unless more items lie in there than may be read.

import { type Compared, compareWith, positionOf } from "#core/dataset/comparison.ts";
import { type CellRange, cellOf, coverDisc } from "#core/dataset/ground.ts";
import { nearestNumber, nearestPlace } from "#core/dataset/nearest.ts";
import type { LevelChange } from "#core/dataset/neighbouring-levels.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import { matchKeyOf } from "../../items/index.ts";
import { withStorage } from "../../storage/database.ts";

export interface TermPlace {
  readonly row: Row;
  readonly differs: LevelChange[];
}

interface Found {
  readonly id: string;
  readonly features: string;
  readonly target: number | null;
  readonly near: number | null;
}

export interface TermCandidate extends Compared {
  readonly found: Found;
  readonly features: Row;
  readonly differs: LevelChange[];
}

export interface TermSearch {
  /** How many of the nearest are wanted. */
  readonly n: number;
  /** How many items a scan of round one reads. */
  readonly probe: number;
  /** How many items a scan of round two reads at most. */
  readonly most: number;
}

/** Nearest first; `complete` unless something nearer may have been left unread. */
export interface TermResult {
  readonly candidates: TermCandidate[];
  readonly complete: boolean;
}

const columns = "id, features, target, near";
const group = "dataset = ?1 and match_key = ?2 and deleted_at is null";
const onCurve = `${group} and cell is not null`;

/** ?3 is the row's cell, ?4 its number, ?5 how many a scan reads. The scans of a row without one of the two are left out. */
export const termStatements = {
  curve: [
    `select 0 as scan, ${columns} from items indexed by items_place where ${onCurve} and cell >= ?3 order by cell limit ?5`,
    `select 1 as scan, ${columns} from items indexed by items_place where ${onCurve} and cell < ?3 order by cell desc limit ?5`,
  ],
  number: [
    `select 2 as scan, ${columns} from items indexed by items_similar where ${group} and near >= ?4 order by near limit ?5`,
    `select 3 as scan, ${columns} from items indexed by items_similar where ${group} and near < ?4 order by near desc limit ?5`,
  ],
  /** ?3 are ranges of cells as JSON, ?4 and ?5 bound the number, ?6 is how many are read. Numbers are in the index of cells. */
  disc: `select ${columns} from items where rowid in (
    select items.rowid from json_each(?3) as range cross join items indexed by items_place
    where ${onCurve} and cell between range.value ->> 0 and range.value ->> 1
      and (?4 is null or near between ?4 and ?5) limit ?6)`,
  span: `select ${columns} from items indexed by items_similar where ${group} and near between ?4 and ?5 limit ?6`,
} as const;

/** A row as the scans see it. */
interface Asked {
  readonly matchKey: string | null;
  readonly position: ReturnType<typeof positionOf>;
  readonly value: number | null;
  readonly compare: (other: Row) => Compared | undefined;
  readonly differs: LevelChange[];
}

function askedOf(spec: DatasetSpec, { row, differs }: TermPlace): Asked {
  const place = nearestPlace(spec);
  const number = nearestNumber(spec);
  const value = number === undefined ? undefined : row[number];
  return {
    matchKey: matchKeyOf(spec, row),
    position: place && positionOf(place, row),
    value: typeof value === "number" ? value : null,
    compare: compareWith(spec, row),
    differs,
  };
}

function firstRound(env: Env, spec: DatasetSpec, { matchKey, position, value }: Asked, probe: number) {
  const scans = [
    ...(position ? termStatements.curve : []),
    ...(value === null ? [] : termStatements.number),
  ].map((scan) => `select * from (${scan})`);
  const cell = position ? cellOf(position) : null;
  return env.DB.prepare(scans.join(" union all ")).bind(spec.name, matchKey, cell, value, probe);
}

const scaleOf = (spec: DatasetSpec, name: string | undefined) =>
  spec.similar?.near?.find(({ by }) => by === name)?.scale ?? 1;

/** All that can be within `distance`, by the way that `by` names. */
function secondRound(
  env: Env,
  spec: DatasetSpec,
  { matchKey, position, value }: Asked,
  by: "disc" | "span",
  distance: number,
  most: number,
) {
  const reach = distance * (1 + 1e-9) * scaleOf(spec, nearestNumber(spec));
  const bounds = value === null ? [null, null] : [value - reach, value + reach];
  const kilometres = distance * (1 + 1e-9) * scaleOf(spec, nearestPlace(spec)?.name);
  const ranges = by === "disc" && position ? coverDisc(position, kilometres) : [];
  const cells = JSON.stringify(ranges.map(({ from, to }: CellRange) => [from, to]));
  return env.DB.prepare(termStatements[by]).bind(spec.name, matchKey, cells, ...bounds, most);
}

/** Whether a scan of round one ended before its limit, in both directions: it then has read its whole group. */
function hasReadAll(
  results: readonly { scan: number }[],
  scans: readonly [number, number],
  probe: number,
): boolean {
  return scans.every((one) => results.filter(({ scan }) => scan === one).length < probe);
}

/** The nearest of `places`, which are the row with its own levels or with others put in. */
export async function searchByTerms(
  env: Env,
  spec: DatasetSpec,
  places: readonly TermPlace[],
  { n, probe, most }: TermSearch,
): Promise<TermResult> {
  const asked = places.map((place) => askedOf(spec, place));
  const candidates = new Map<string, TermCandidate>();
  const take = ({ compare, differs }: Asked, results: readonly Found[]) => {
    for (const found of results) {
      if (candidates.has(found.id)) continue;
      const features = JSON.parse(found.features) as Row;
      const compared = compare(features);
      if (compared) candidates.set(found.id, { found, features, differs, ...compared });
    }
  };
  const sorted = () => [...candidates.values()].sort((a, b) => a.distance - b.distance);

  const first = await withStorage(() =>
    env.DB.batch<Found & { scan: number }>(asked.map((one) => firstRound(env, spec, one, probe))),
  );
  first.forEach(({ results }, at) => {
    take(asked[at], results);
  });
  let open = asked.filter((one, at) => {
    const { results } = first[at];
    return !(
      (one.position && hasReadAll(results, [0, 1], probe)) ||
      (one.value !== null && hasReadAll(results, [2, 3], probe))
    );
  });
  for (const by of ["disc", "span"] as const) {
    const distance = sorted()[n - 1]?.distance ?? Number.MAX_VALUE;
    const able = open.filter(({ position, value }) => (by === "disc" ? position : value !== null));
    if (able.length === 0) continue;
    const found = await withStorage(() =>
      env.DB.batch<Found>(able.map((one) => secondRound(env, spec, one, by, distance, most))),
    );
    found.forEach(({ results }, at) => {
      take(able[at], results);
    });
    open = open.filter((one) => {
      const at = able.indexOf(one);
      return at < 0 || found[at].results.length >= most;
    });
  }
  return { candidates: sorted(), complete: open.length === 0 };
}
