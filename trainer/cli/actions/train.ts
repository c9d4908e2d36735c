// appraise train: rows in, models out; to a folder, to a server, or only to look at.
import { type FamilyName, familyNames } from "#core/api/family-names.ts";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Bundle } from "../../bundle.ts";
import type { Client } from "../../client/client.ts";
import { untilHealthy } from "../../client/health.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import type { Family } from "../../families/family.ts";
import { families } from "../../families/index.ts";
import { type PreparedData, prepareData } from "../../prepare.ts";
import type { Promotion } from "../../publish/promotion.ts";
import { findUnchanged } from "../../publish/unchanged.ts";
import type { SearchPlan } from "../../search/parameter-search.ts";
import { choosePreset, fixParams } from "../../search/params.ts";
import { type FamilyResult, rankModels, train } from "../../train.ts";
import { findParentProcess } from "../../work/parent-process.ts";
import { findCodeVersion } from "../code-version.ts";
import { printResult, tell } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import { connectionOf, describeMaking, openPublication, publishModels } from "../publication.ts";
import type { PublicationOptions } from "../publication-options.ts";
import { openRows } from "../rows.ts";
import type { SearchOptions } from "../search-options.ts";
import { readPlan } from "../search-plan.ts";
import { describeCleaning, layCandidates, toDocument } from "../train-report.ts";
import { writeBundles } from "../write-bundles.ts";

interface TrainCommandOptions extends PublicationOptions, SearchOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly family: readonly FamilyName[];
  readonly preset?: string;
  readonly param: Params;
  readonly models: number;
  readonly seed?: number;
  readonly ifChanged?: boolean;
  readonly publishEach?: boolean;
  /** Milliseconds. */
  readonly waitForServer?: number;
  readonly json?: boolean;
}

/** The named families, or all that can be fitted to the spec's task. */
function chooseFamilies(names: readonly FamilyName[], { task }: DatasetSpec): Family[] {
  const known: Readonly<Record<FamilyName, Family>> = families;
  const able = familyNames.map((name) => known[name]).filter(({ tasks }) => tasks.includes(task));
  const unable = names.find((name) => !able.includes(known[name]));
  if (unable) {
    const allowed = able.map(({ name }) => name).join(", ");
    throw new InputError(
      `--family: expected one of ${allowed}, since the dataset's task is ${task}; got ${unable}`,
    );
  }
  return names.length > 0 ? [...new Set(names)].map((name) => known[name]) : able;
}

function adjustChosen(
  chosen: readonly Family[],
  { preset, param }: TrainCommandOptions,
  spec: DatasetSpec,
): readonly Family[] {
  const option = preset !== undefined ? "--preset" : "--param";
  if (preset === undefined && Object.keys(param).length === 0) return chosen;
  if (chosen.length === 1) {
    const family = preset === undefined ? chosen[0] : choosePreset(chosen[0], preset);
    return [fixParams(family, spec, param)];
  }
  const names = chosen.map(({ name }) => name).join(", ");
  throw new InputError(`${option}: expected one --family beside it; got ${names}`);
}

/** What a server holds tells which rows and code made it, not which parameters were asked for. */
function checkIfChanged({ publish, trials, timeout, preset, param }: TrainCommandOptions): void {
  if (publish === undefined) throw new InputError("--if-changed: expected --publish beside it");
  const asked = [trials, timeout, preset, ...Object.keys(param)].some((option) => option !== undefined);
  if (asked) {
    throw new InputError(
      "--if-changed: expected neither --trials, --timeout, --preset nor --param beside it",
    );
  }
}

/** What of the chosen families need not be trained again: all or nothing, family by family where each is published by itself. */
async function findDone(
  client: Client,
  data: PreparedData,
  chosen: readonly Family[],
  { publishEach }: TrainCommandOptions,
): Promise<{ families: string[]; models: string[] }> {
  const names = chosen.map(({ name }) => name);
  const done = { families: [] as string[], models: [] as string[] };
  for (const group of publishEach ? names.map((name) => [name]) : [names]) {
    const found = await findUnchanged(client, data, group, findCodeVersion());
    if (!found) continue;
    done.families.push(...group);
    done.models.push(...found.filter((id) => !done.models.includes(id)));
  }
  return done;
}

async function awaitServer(
  client: Client | undefined,
  spec: DatasetSpec,
  { waitForServer }: TrainCommandOptions,
): Promise<void> {
  if (!client || !waitForServer) return;
  await untilHealthy(client.server.url, waitForServer);
  // A server that has only just been set up knows no dataset to ask about.
  await client.registerDataset(spec);
}

/** The part of a plan's time that a group of the families may take. */
function shareOf(
  plan: SearchPlan | undefined,
  group: readonly Family[],
  all: readonly Family[],
): SearchPlan | undefined {
  if (plan?.timeoutMs === undefined) return plan;
  const searched = (families: readonly Family[]) => families.filter(({ space }) => space).length;
  return { ...plan, timeoutMs: (plan.timeoutMs * searched(group)) / Math.max(searched(all), 1) };
}

export async function runTrain(options: TrainCommandOptions): Promise<void> {
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const named = chooseFamilies(options.family, spec);
  const chosen = adjustChosen(named, options, spec);
  const plan = readPlan(options, chosen);
  const client = openPublication(options);
  const parent = findParentProcess();
  if (options.ifChanged) checkIfChanged(options);
  for (const option of ["publishEach", "waitForServer"] as const) {
    if (options[option] && !client) {
      const shown = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      throw new InputError(`--${shown}: expected --publish beside it`);
    }
  }

  const rows = await openRows(dataset, options.source, options.format, connectionOf(options));
  const data = await prepareData(spec, rows, options.seed ?? spec.split.seed);
  tell(
    `${spec.name}: ${describeCleaning(data.cleaning)}; ${data.train.rows} train, ${data.test.rows} held out`,
  );
  if (options.ifChanged) await awaitServer(client, spec, options);
  const unchanged = client && options.ifChanged ? await findDone(client, data, chosen, options) : undefined;
  const wanted = unchanged ? chosen.filter(({ name }) => !unchanged.families.includes(name)) : chosen;
  if (unchanged && wanted.length === 0) {
    const document = { dataset: spec.name, unchanged: true, models: unchanged.models };
    printResult(options.json, document, () => `${spec.name}: unchanged, nothing to train`);
    return;
  }
  const results: FamilyResult[] = [];
  let promotion: Promotion | null = null;
  for (const group of options.publishEach ? wanted.map((family) => [family]) : [wanted]) {
    const made = await train(data, group, {
      ...(await describeMaking(undefined, data)),
      // A search needs no server: it runs while the server starts.
      async beforeFit() {
        await awaitServer(client, spec, options);
        return describeMaking(client, data);
      },
      modelsPerFamily: options.models,
      plan: shareOf(plan, group, wanted),
      progress: parent?.progress ?? terminalProgress,
    });
    results.push(...made);
    if (!client || !options.publishEach) continue;
    await parent?.askToPublish();
    const ranked = rankModels(made) as [Bundle, ...Bundle[]];
    const own = await publishModels(client, data, ranked, options, parent?.jobLease);
    if (own.promoted || promotion === null) promotion = own;
  }
  const models = rankModels(results) as [Bundle, ...Bundle[]];
  if (options.out !== undefined) writeBundles(options.out, models, toDocument(data, results, models, null));
  if (!options.json) process.stdout.write(`${layCandidates(taskOf(spec), results, models[0].manifest.id)}\n`);
  if (client && !options.publishEach) {
    await parent?.askToPublish();
    promotion = await publishModels(client, data, models, options, parent?.jobLease);
  }
  if (options.json) printResult(true, toDocument(data, results, models, promotion), () => "");
}
