// Our side of bench:accuracy: every family as it comes, the boosted trees searched, and their presets.
import { join } from "node:path";
import type { Params } from "#core/bundle/manifest.ts";
import { taskOf } from "#core/tasks/index.ts";
import { boosting } from "../../trainer/families/boosting/index.ts";
import type { Family } from "../../trainer/families/family.ts";
import { linear } from "../../trainer/families/linear/linear.ts";
import { mean } from "../../trainer/families/mean.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { silentProgress } from "../../trainer/progress.ts";
import { seeded } from "../../trainer/random.ts";
import { searchParams } from "../../trainer/search/parameter-search.ts";
import { foldsOf } from "../../trainer/search/search.ts";

/** What one contestant says of the held-out rows, and how long its fit took by the clock. */
export interface Entry {
  readonly name: string;
  readonly predicted: Float64Array;
  readonly seconds: number;
  /** Beside the fit. */
  readonly searchSeconds?: number;
}

export interface SearchOptions {
  /** 0 leaves the search out. */
  readonly trials: number;
  readonly threads: number;
}

async function fitAndPredict<P extends Params>(
  { spec, seed, train, test }: PreparedData,
  family: Family<P>,
  name: string,
  params: P,
): Promise<Entry> {
  const started = performance.now();
  const model = await family.fit(params, train, { spec, random: seeded(seed) });
  const seconds = (performance.now() - started) / 1000;
  const predicted = taskOf(spec).settle(spec, model.predict(test));
  return { name, predicted, seconds };
}

/** Where searches are recorded: a later run takes up the trials of an earlier one. */
const journals = join(import.meta.dirname, "../../.cache/bench-accuracy");

/** Boosted trees by the best trial of a search on the training rows, the defaults being one trial of it. */
async function searched(data: PreparedData, part: string, options: SearchOptions): Promise<Entry[]> {
  const [candidate] = boosting.candidates(data.spec);
  const search = await searchParams(data, boosting as Family, foldsOf(data), silentProgress, {
    ...options,
    journalOf: (family, identity) => join(journals, `${part}-${family}-${identity}.jsonl`),
  });
  if (!search) return [];
  const params = boosting.params.parse(search.best?.params ?? candidate.params);
  console.log(`best of ${search.trials.length} trials: ${describe(params, candidate.params)}`);
  const entry = await fitAndPredict(
    data,
    boosting,
    `boosting, best of ${search.trials.length} trials`,
    params,
  );
  return [{ ...entry, searchSeconds: search.seconds }];
}

/** The parameters that are not the default's. */
function describe(params: Params, defaults: Params): string {
  const changed = Object.entries(params).filter(([name, value]) => defaults[name] !== value);
  const format = (value: Params[string]) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  return changed.map(([name, value]) => `${name} ${format(value)}`).join(", ") || "the default settings";
}

/** All of our entries; `part` names the split in the journals. */
export async function enterOurs(data: PreparedData, part: string, options: SearchOptions): Promise<Entry[]> {
  const entries: Entry[] = [];
  const enterDefault = async <P extends Params>(family: Family<P>) => {
    const [{ params }] = family.candidates(data.spec);
    entries.push(await fitAndPredict(data, family, `${family.name}, default`, params));
  };
  await enterDefault(mean);
  await enterDefault(linear);
  await enterDefault(boosting);
  if (options.trials > 0) entries.push(...(await searched(data, part, options)));
  for (const [name, { params }] of Object.entries(boosting.presets ?? {}))
    entries.push(await fitAndPredict(data, boosting, `boosting, preset ${name}`, params));
  return entries;
}
