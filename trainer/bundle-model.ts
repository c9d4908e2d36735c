// A fitted model as a bundle: exported, judged, measured on the held-out rows, explained, and its card drawn.
import { encodeHeldOut } from "#core/bundle/held-out.ts";
import { type Manifest, manifestFormat } from "#core/bundle/manifest.ts";
import { numberRelations } from "#core/dataset/number-relations.ts";
import { trainingRanges } from "#core/dataset/training-range.ts";
import { feedsOf, feedsOfTable } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { taskOf } from "#core/tasks/index.ts";
import { type Bundle, type BundleFiles, bundleOf } from "./bundle.ts";
import type { FittedModel } from "./families/family.ts";
import { challenge, type Opponent } from "./gate.ts";
import { heldOutErrors } from "./held-out.ts";
import { measureImportance } from "./importance.ts";
import type { Difficulty } from "./intervals/difficulty.ts";
import { judgeRows, measureIntervals } from "./intervals/judged-rows.ts";
import { measureSegments } from "./metrics.ts";
import { exportModel } from "./onnx/export.ts";
import { checkExport } from "./onnx/judge.ts";
import type { PreparedData } from "./prepare.ts";
import { drawProbes } from "./probes.ts";
import { seeded } from "./random.ts";
import { trainingFacts } from "./training-facts.ts";

export interface Environment {
  readonly code: string;
  readonly node: string;
  readonly platform: string;
}

export interface BundleOptions {
  readonly environment: Environment;
  /** Id of the champion at the time. */
  readonly parent: string | null;
  /** The champion, for the card; left out where there is none or it cannot price the held-out rows. */
  readonly opponent?: Opponent;
  readonly now: () => Date;
}

/** What is known of a model beside itself. */
export interface ModelFacts
  extends Pick<Manifest, "family" | "title" | "params" | "seconds" | "conformal" | "search"> {
  readonly crossValidated: Manifest["metrics"]["crossValidated"];
  readonly difficulty: Difficulty | undefined;
  /** The held-out rows, as indices, that calibrated no interval; all where it is left out. */
  readonly judged?: readonly number[];
  /** Beside what the model reports itself. */
  readonly report?: Readonly<Record<string, unknown>>;
}

const encode = (text: string) => new TextEncoder().encode(text);

/**
 * Metrics and probes come from the exported bytes, since those are what will be served.
 * Throws ExportDisagreement where onnxruntime prices a held-out row differently.
 */
export async function bundleModel(
  data: PreparedData,
  model: FittedModel,
  { crossValidated, report, difficulty, judged, ...facts }: ModelFacts,
  options: BundleOptions,
): Promise<Bundle> {
  const { spec, specHash, snapshot, train, test, seed } = data;
  const { family, params } = facts;
  const hashes = { specHash, dataSha256: snapshot.sha256 };
  const { bytes: onnx, id } = await exportModel(model, { spec, family, ...hashes, params, seed, difficulty });
  await checkExport(onnx, spec, test, model);
  const loaded = loadModel(onnx);
  const predicted = loaded.predict(feedsOfTable(spec, test), test.rows);
  const rows = data.testRows.map((row) => row.features);
  const probes = drawProbes(spec, rows, seeded(seed));
  const probed = loaded.predict(feedsOf(spec, probes), probes.length);
  const unseen = judged?.map((row) => data.testRows[row]) ?? data.testRows;
  const judgedRows = judgeRows(spec, loaded, unseen, seeded(seed));
  const ranges = trainingRanges(spec, train);
  const relations = numberRelations(spec, train);
  const explanation = model.explanation?.();
  const importance = measureImportance(data, model, explanation);
  const manifest = {
    format: manifestFormat,
    id,
    dataset: spec.name,
    ...facts,
    seed,
    trainedAt: options.now().toISOString(),
    specHash,
    data: {
      sha256: snapshot.sha256,
      rows: snapshot.rows.length,
      trainRows: train.rows,
      testRows: test.rows,
      cleaning: data.cleaning,
    },
    metrics: {
      heldOut: taskOf(spec).measure(spec, test.target, predicted),
      crossValidated,
      segments: measureSegments(spec, test, predicted),
      intervals: measureIntervals(spec, { conformal: facts.conformal, ranges, relations }, judgedRows),
    },
    ranges,
    relations,
    training: trainingFacts(spec, data.trainRows, train, importance),
    report: { ...model.report(), ...report },
    probes: probes.map((row, index) => ({ row, prediction: probed[index] })),
    parent: options.parent,
    environment: options.environment,
  } satisfies Omit<Manifest, "files">;
  // A model that is champion already has nobody to be held against.
  const opponent = options.opponent?.id === id ? undefined : options.opponent;
  // The chart library takes most of a second to load: a command that ends before there is a model does without.
  const { renderCard } = await import("./card/render-card.ts");
  const card = renderCard({
    spec,
    manifest,
    heldOut: { table: test, actual: test.target, predicted },
    intervals: judgedRows,
    importance,
    gate: opponent && { ...challenge(data, predicted, opponent), champion: opponent },
  });
  const files: BundleFiles = new Map([
    ["model.onnx", onnx],
    ...(explanation ? [["explain.json", encode(JSON.stringify(explanation))] as const] : []),
    ["card.html", encode(card)],
    ["held-out.bin", encodeHeldOut(await heldOutErrors(data, predicted))],
  ]);
  return bundleOf(manifest, files);
}
