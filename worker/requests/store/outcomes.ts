// What priced things really cost, in D1: one row a request, and how far prices were off altogether.
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";
import type { outcomes } from "../../storage/schema.ts";
import { lowestIdAt } from "./request-id.ts";

export type OutcomeRow = typeof outcomes.$inferSelect;

export interface Outcome {
  readonly actual: number;
  readonly prediction: number;
  readonly error: number;
  readonly covered: boolean | null;
  readonly actor: string;
  readonly time: string;
}

export function readOutcome(row: OutcomeRow): Outcome {
  const { actual, prediction, low, high, actor, time } = row;
  return {
    ...{ actual, prediction, actor },
    error: prediction - actual,
    covered: low === null || high === null ? null : low <= actual && actual <= high,
    time: new Date(time).toISOString(),
  };
}

/** Keeps an outcome; one that the request has already is replaced. True where it had none. */
export async function keepOutcome(env: Env, row: OutcomeRow): Promise<boolean> {
  const { request, dataset, model, prediction, low, high, coverage, actual, actor, time } = row;
  const [had] = await withStorage(() =>
    env.DB.batch([
      env.DB.prepare("select 1 from outcomes where request = ?1").bind(request),
      env.DB.prepare(
        `insert into outcomes (request, dataset, model, prediction, low, high, coverage, actual, actor, time)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         on conflict (request) do update set actual = excluded.actual, actor = excluded.actor, time = excluded.time`,
      ).bind(request, dataset, model, prediction, low, high, coverage, actual, actor, time),
    ]),
  );
  return had.results.length === 0;
}

export interface OutcomeMetrics {
  readonly count: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  readonly meanAbsolutePercentageError: number | null;
  readonly meanError: number;
  readonly covered: number | null;
}

export type OutcomeSummary = OutcomeMetrics & {
  readonly models: (OutcomeMetrics & { readonly model: string })[];
};

// Ids begin with their time: one range of the index holds the latest outcomes of a span of time.
const summaryStatement = `
  with latest as materialized (
    select model, actual, prediction - actual as error,
      case when low is null or high is null then null else low <= actual and actual <= high end as held
    from outcomes where dataset = ?1 and request >= ?2 and request < ?3 order by request desc limit ?4)
  select model, count(*) as count, avg(abs(error)) as mean_absolute, avg(error * error) as mean_squared,
    avg(abs(error / nullif(actual, 0))) as mean_absolute_share, avg(error) as mean_error, avg(held) as covered
  from latest group by model
  union all
  select null, count(*), avg(abs(error)), avg(error * error), avg(abs(error / nullif(actual, 0))), avg(error), avg(held)
  from latest`;

interface SummaryRow {
  readonly model: string | null;
  readonly count: number;
  readonly mean_absolute: number;
  readonly mean_squared: number;
  readonly mean_absolute_share: number | null;
  readonly mean_error: number;
  readonly covered: number | null;
}

const readMetrics = (row: SummaryRow): OutcomeMetrics => ({
  count: row.count,
  meanAbsoluteError: row.mean_absolute,
  rootMeanSquaredError: Math.sqrt(row.mean_squared),
  meanAbsolutePercentageError: row.mean_absolute_share,
  meanError: row.mean_error,
  covered: row.covered,
});

/** How far the prices of a dataset were off, altogether and by model, over the latest `most` outcomes; null where there is none. */
export async function summariseOutcomes(
  env: Env,
  dataset: string,
  { from = 0, to }: { readonly from?: number; readonly to?: number },
  most: number,
): Promise<OutcomeSummary | null> {
  const end = to === undefined ? "g" : lowestIdAt(to);
  const { results } = await withStorage(() =>
    env.DB.prepare(summaryStatement).bind(dataset, lowestIdAt(from), end, most).all<SummaryRow>(),
  );
  const all = results.find(({ model }) => model === null);
  if (!all || all.count === 0) return null;
  const models = results.flatMap((row) =>
    row.model === null ? [] : [{ model: row.model, ...readMetrics(row) }],
  );
  return { ...readMetrics(all), models };
}
