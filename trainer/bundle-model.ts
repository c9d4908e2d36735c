// A fitted model as a bundle: exported, judged, measured on the held-out rows, explained, and its card drawn.
import { encodeHeldOut } from "#core/bundle/held-out.ts";
import { type Manifest, manifestFormat } from "#core/bundle/manifest.ts";
import { numberRelations } from "#core/dataset/number-relations.ts";
import { toTable } from "#core/dataset/table.ts";
import { trainingRanges } from "#core/dataset/training-range.ts";
import { type Bundle, type BundleFiles, bundleOf } from "./bundle.ts";
import { renderCard } from "./card/render-card.ts";
import { priceTable } from "./evaluation.ts";
import type { FittedModel } from "./families/family.ts";
import { challenge, type Opponent } from "./gate.ts";
import { heldOutErrors } from "./held-out.ts";
import { measureImportance } from "./importance.ts";
import { measure, measureSegments } from "./metrics.ts";
import { exportModel } from "./onnx/export.ts";
import { checkExport } from "./onnx/judge.ts";
import type { PreparedData } from "./prepare.ts";
import { drawProbes } from "./probes.ts";
import { seeded } from "./random.ts";

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
  { crossValidated, report, ...facts }: ModelFacts,
  options: BundleOptions,
): Promise<Bundle> {
  const { spec, specHash, snapshot, train, test, seed } = data;
  const { family, params } = facts;
  const hashes = { specHash, dataSha256: snapshot.sha256 };
  const { bytes: onnx, id } = await exportModel(model, { spec, family, ...hashes, params, seed });
  await checkExport(onnx, spec, test, model);
  const predicted = priceTable(spec, onnx, test);
  const rows = data.testRows.map((row) => row.features);
  const probes = drawProbes(spec, rows, seeded(seed));
  const probed = priceTable(spec, onnx, toTable(spec, probes));
  const explanation = model.explanation?.();
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
      heldOut: measure(test.target, predicted),
      crossValidated,
      segments: measureSegments(spec, test, predicted),
    },
    ranges: trainingRanges(spec, train),
    relations: numberRelations(spec, train),
    report: { ...model.report(), ...report },
    probes: probes.map((row, index) => ({ row, prediction: probed[index] })),
    parent: options.parent,
    environment: options.environment,
  } satisfies Omit<Manifest, "files">;
  // A model that is champion already has nobody to be held against.
  const opponent = options.opponent?.id === id ? undefined : options.opponent;
  const card = renderCard({
    spec,
    manifest,
    heldOut: { table: test, actual: test.target, predicted },
    importance: measureImportance(data, model, explanation),
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
