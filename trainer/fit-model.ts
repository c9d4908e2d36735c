// One model from search to bundle: refitted on all training rows, exported, judged, measured on the held-out rows.
import { conformalQuantiles } from "#core/bundle/conformal.ts";
import { manifestFormat } from "#core/bundle/manifest.ts";
import { toTable } from "#core/dataset/table.ts";
import { trainingRanges } from "#core/dataset/training-range.ts";
import { type Bundle, bundleOf } from "./bundle.ts";
import { priceTable } from "./evaluation.ts";
import type { Family } from "./families/family.ts";
import { measure, measureSegments } from "./metrics.ts";
import { exportModel } from "./onnx/export.ts";
import { checkExport } from "./onnx/judge.ts";
import type { PreparedData } from "./prepare.ts";
import { drawProbes } from "./probes.ts";
import type { Progress } from "./progress.ts";
import { seeded } from "./random.ts";
import type { Trial } from "./search/cross-validation.ts";

export interface Environment {
  readonly code: string;
  readonly node: string;
  readonly platform: string;
}

export interface FitOptions {
  readonly environment: Environment;
  /** The champion at the time. */
  readonly parent: string | null;
  readonly progress: Progress;
  readonly now: () => Date;
}

/** Log residuals need positive prices on both sides; a family that lets a price fall to 0 gets a band in the target's unit. */
function conformalScale(data: PreparedData, trial: Trial): "log" | "none" {
  return data.spec.target.transform === "log" && trial.outOfFold.every((price) => price > 0) ? "log" : "none";
}

/**
 * Fits, exports and measures. Metrics and probes come from the exported bytes, since those are what will be served.
 * Throws ExportDisagreement where onnxruntime prices a held-out row differently.
 */
export async function fitModel(
  data: PreparedData,
  family: Family,
  trial: Trial,
  trials: readonly Trial[],
  options: FitOptions,
): Promise<Bundle> {
  const { spec, train, test, seed } = data;
  const started = performance.now();
  const task = options.progress.task(`${family.name}: fitting ${trial.name}`, 1);
  try {
    const model = await family.fit(trial.params, train, {
      spec,
      random: seeded(seed),
      progress: (done, total) => task.update(done / total),
    });
    const { bytes: onnx, id } = await exportModel(model, {
      spec,
      family: family.name,
      specHash: data.specHash,
      dataSha256: data.snapshot.sha256,
      params: trial.params,
      seed,
    });
    await checkExport(onnx, spec, test, model);
    const predicted = priceTable(spec, onnx, test);
    const probes = drawProbes(
      spec,
      data.testRows.map((row) => row.features),
      seeded(seed),
    );
    const probed = priceTable(spec, onnx, toTable(spec, probes));
    const manifest = {
      format: manifestFormat,
      id,
      dataset: spec.name,
      family: family.name,
      title: `${family.title}: ${trial.name}`,
      params: trial.params,
      seed,
      trainedAt: options.now().toISOString(),
      seconds: trial.seconds + (performance.now() - started) / 1000,
      specHash: data.specHash,
      data: {
        sha256: data.snapshot.sha256,
        rows: data.snapshot.rows.length,
        trainRows: train.rows,
        testRows: test.rows,
        cleaning: data.cleaning,
      },
      metrics: {
        heldOut: measure(test.target, predicted),
        crossValidated: trial.crossValidated,
        segments: measureSegments(spec, test, predicted),
      },
      conformal: conformalQuantiles(conformalScale(data, trial), train.target, trial.outOfFold),
      ranges: trainingRanges(spec, train),
      search: {
        seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
        candidates: trials.map(({ name, params, crossValidated, seconds }) => ({
          name,
          params,
          crossValidated,
          seconds,
        })),
      },
      report: model.report(),
      probes: probes.map((row, index) => ({ row, prediction: probed[index] })),
      parent: options.parent,
      environment: options.environment,
    } as const;
    return await bundleOf(manifest, new Map([["model.onnx", onnx]]));
  } finally {
    task.end();
  }
}
