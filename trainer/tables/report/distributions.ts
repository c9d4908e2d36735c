// How the values of a column are spread: moments, quantiles and a histogram of numbers, the most frequent levels of all else.
import type { Histogram, NumberSummary, ReportColumn } from "#core/api/data-report.ts";
import { type Database, sqlText } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";

const bins = 32;
const shownLevels = 12;
/** Up to this many rows a sort is cheap enough for exact quantiles. */
const exactRows = 100_000;

/** Skewness by quantiles: 0 where both tails are alike, 1 where all of the width is in the upper one. */
const tailSkew = (low: number, middle: number, high: number) =>
  high > low ? (high + low - 2 * middle) / (high - low) : 0;

/** Positive values with a long upper tail are seen best on a logarithmic axis. */
function wantsLog(minimum: number, [low, , middle, , high]: readonly number[]): boolean {
  if (minimum <= 0) return false;
  const raw = tailSkew(low, middle, high);
  return raw > 0.3 && Math.abs(tailSkew(Math.log(low), Math.log(middle), Math.log(high))) < raw;
}

/** Where the drawn part begins and ends: a few values far outside must not squeeze the others into one bar. */
function drawnRange(
  minimum: number,
  maximum: number,
  [low, , , , high]: readonly number[],
): [number, number] {
  const reach = 3 * (high - low);
  if (reach === 0) return [minimum, maximum];
  return [Math.max(minimum, low - reach), Math.min(maximum, high + reach)];
}

async function countBins(
  database: Database,
  at: number,
  bounds: { readonly minimum: number; readonly maximum: number; readonly quantiles: readonly number[] },
  integer: boolean,
): Promise<Histogram> {
  const { minimum, maximum, quantiles } = bounds;
  const isLog = wantsLog(minimum, quantiles);
  const [low, high] = isLog ? [minimum, maximum] : drawnRange(minimum, maximum, quantiles);
  const few = integer && !isLog && high - low < bins;
  // Whole numbers stand in the middle of their bars.
  const [from, to] = few ? [low - 0.5, high + 0.5] : isLog ? [Math.log(low), Math.log(high)] : [low, high];
  const count = few ? Math.round(to - from) : to > from ? bins : 1;
  const width = (to - from) / count || 1;
  const place = isLog ? `ln(v${at})` : `v${at}`;
  const found = await database.rows(
    `SELECT CASE WHEN v${at} < ${low} THEN -1 WHEN v${at} > ${high} THEN ${count}
       ELSE least(greatest(floor((${place} - ${from}) / ${width}), 0), ${count - 1}) END AS bin, count(*)
     FROM typed WHERE v${at} IS NOT NULL GROUP BY bin`,
  );
  const counts = Array.from({ length: count }, () => 0);
  let [below, above] = [0, 0];
  for (const [bin, rows] of found) {
    if (Number(bin) < 0) below = Number(rows);
    else if (Number(bin) >= count) above = Number(rows);
    else counts[Number(bin)] = Number(rows);
  }
  const edges = Array.from({ length: count + 1 }, (_, edge) => {
    const value = edge === count ? to : from + edge * width;
    return Number((isLog ? Math.exp(value) : value).toPrecision(12));
  });
  return { scale: isLog ? "log" : "linear", edges, counts, below, above };
}

/** Of a column of doubles in the typed table; undefined where it holds none. */
async function summarizeNumbers(
  database: Database,
  { profile: { at, rows }, type }: ReadColumn,
): Promise<NumberSummary | undefined> {
  const levels = "[0.05, 0.25, 0.5, 0.75, 0.95]";
  const quantile =
    rows <= exactRows ? `quantile_cont(v${at}, ${levels})` : `approx_quantile(v${at}, ${levels})`;
  // Deviations beyond the range of doubles are an error of the database's; squares of scaled values are not.
  const [minimum, maximum] = (await database.first(`SELECT min(v${at}), max(v${at}) FROM typed`)).map(
    (value) => (value === null ? undefined : Number(value)),
  );
  if (minimum === undefined || maximum === undefined) return undefined;
  const scale = Math.max(Math.abs(minimum), Math.abs(maximum)) || 1;
  const [mean, deviation, zeros, negative, ...quantiles] = (
    await database.first(
      `SELECT mean, deviation, zeros, negative, q[1], q[2], q[3], q[4], q[5] FROM (SELECT avg(v${at} / ${scale}) AS mean,
       stddev_pop(v${at} / ${scale}) AS deviation, count(*) FILTER (v${at} = 0) AS zeros, count(*) FILTER (v${at} < 0) AS negative,
       ${quantile} AS q FROM typed)`,
    )
  ).map(Number);
  const bounds = { minimum, maximum, quantiles };
  const integer = type?.type === "number" ? type.integer : false;
  return {
    ...bounds,
    mean: mean * scale,
    deviation: deviation * scale,
    zeros,
    negative,
    histogram: await countBins(database, at, bounds, integer),
  };
}

/** What the report says of one column by itself. */
export async function describeColumn(
  database: Database,
  column: ReadColumn,
): Promise<Omit<ReportColumn, "role">> {
  const { profile, type, sampled, reason, text } = column;
  const isNumber = type?.type === "number" || type?.type === "date" || type?.type === "datetime";
  const marks = type === undefined || type.type === "none" ? [] : type.marks;
  const [filled] = (await database.first(`SELECT count(v${profile.at}) FROM typed`)).map(Number);
  const marked = marks.length > 0 ? `SELECT count(*) FROM raw WHERE ${text} IN (${marks.map(sqlText)})` : "";
  const missing = profile.missing + (marked ? Number((await database.first(marked))[0]) : 0);
  const levels = profile.values.filter(([text]) => !marks.includes(text));
  const others = levels.slice(shownLevels);
  return {
    name: profile.column.slice(0, 200),
    type:
      type === undefined || type.type === "none"
        ? "text"
        : type.type === "number" && type.integer
          ? "integer"
          : type.type === "category" && type.ordered
            ? "ordered category"
            : type.type,
    ...(reason === undefined ? {} : { reason: reason.slice(0, 400) }),
    ...(type?.type === "number" && type.unit ? { unit: type.unit } : {}),
    missing,
    marks: marks.slice(0, 20).map((mark) => mark.slice(0, 60)),
    unreadable: Math.max(0, profile.rows - filled - missing),
    distinct: Math.max(0, profile.distinct - (sampled ? 0 : marks.length)),
    estimated: sampled,
    ...(isNumber
      ? { number: await summarizeNumbers(database, column) }
      : sampled || type === undefined
        ? {}
        : {
            levels: {
              top: levels.slice(0, shownLevels).map(([text, rows]) => ({ level: text.slice(0, 120), rows })),
              others: others.length,
              otherRows: others.reduce((sum, [, rows]) => sum + rows, 0),
            },
          }),
  };
}
