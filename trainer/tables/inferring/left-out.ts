// Which columns no model should see, and why: ids, constants, copies, almost empty ones, and those that give the target away.

import type { Value } from "../reading/cell-readers.ts";
import type { RawTable } from "../reading/raw-table.ts";
import { correlation, explainedShare } from "./association.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { ColumnType } from "./column-type.ts";

const almostAll = 0.95;
const leakShare = 0.999;
const leakCorrelation = 0.9995;
/** A column named after the target and this close to it is made of it. */
const namedShare = 0.8;

const idName = /(^|[_\s-])(id|uuid|guid|key|index|rownum|row_number|serial|pid|nr|no)$/i;

/** Why a column is left out by what it holds alone; undefined where it may stay. */
export function whyUseless(profile: ColumnProfile, type: ColumnType | undefined): string | undefined {
  const { rows, missing, values, distinct, column } = profile;
  const filled = rows - missing;
  if (filled === 0 || type === undefined) return "every value is missing";
  if (missing > almostAll * rows) return `${missing} of ${rows} values are missing`;
  if (distinct === 1) return `every value is ${JSON.stringify(values[0][0].slice(0, 60))}`;
  if (type.type === "none") return type.reason;
  if (type.type !== "number" || !type.integer || filled < 20 || distinct !== filled) return undefined;
  if (idName.test(column)) return "every value is different and the name says that it is an id";
  const isCount = type.maximum - type.minimum + 1 === distinct && (type.minimum === 0 || type.minimum === 1);
  return isCount ? "it numbers the rows" : undefined;
}

/** Pairs of columns with the same texts in every row: the later one with the earlier one's name. */
export async function findCopies(
  table: RawTable,
  profiles: readonly ColumnProfile[],
): Promise<Map<string, string>> {
  const copies = new Map<string, string>();
  const alike = new Map<string, ColumnProfile[]>();
  for (const profile of profiles) {
    const key = `${profile.distinct} ${profile.missing} ${profile.values[0]?.join()}`;
    const earlier = alike.get(key) ?? [];
    for (const other of earlier) {
      const [differs] = await table.database.first(
        `SELECT count(*) FROM raw WHERE trim(c${profile.at}) IS DISTINCT FROM trim(c${other.at})`,
      );
      if (differs !== 0) continue;
      copies.set(profile.column, other.column);
      break;
    }
    if (!copies.has(profile.column)) alike.set(key, [...earlier, profile]);
  }
  return copies;
}

const words = (name: string) =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);

export interface Judged {
  readonly share: number;
  readonly leak?: string;
}

/** How much of the target a column tells alone, and why that is too much. `targets` are an amount, or one column a class. */
export function judgeColumn(
  column: string,
  values: readonly Value[],
  target: string,
  targets: readonly (readonly number[])[],
): Judged {
  // One class of many may be told by a column that gives nothing else away.
  const share = Math.min(...targets.map((own) => explainedShare(values, own)));
  const linear = Math.min(...targets.map((own) => Math.abs(correlation(values, own))));
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  if (share > leakShare || linear > leakCorrelation)
    return {
      share,
      leak: `it alone tells ${percent(Math.max(share, linear ** 2))} of ${target}: it gives the target away`,
    };
  const named = words(target).length > 0 && words(target).every((word) => words(column).includes(word));
  if (named && (share > namedShare || linear > namedShare))
    return {
      share,
      leak: `its name and ${percent(Math.max(share, linear ** 2))} of the target say that it is made of ${target}`,
    };
  return { share };
}
