// Tiny datasets and models for the Worker's tests: prices that can be told by hand.
import { type Explanation, explanationFormat } from "#core/bundle/explanation.ts";
import { encodeHeldOut } from "#core/bundle/held-out.ts";
import { type Manifest, manifestFormat } from "#core/bundle/manifest.ts";
import { canonicalSpec, checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import diamondsJson from "../../../data/diamonds/dataset.json";
import { sha256 } from "../../../worker/storage/content.ts";
import type { Service } from "../service.ts";

export const diamonds: DatasetSpec = checkSpec(diamondsJson);
export const stone = { carat: 1.01, cut: "Ideal", color: "G", clarity: "VS1" };

export const boats: DatasetSpec = checkSpec({
  name: "boats",
  title: "Boats",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "boats.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    { name: "length", type: "number", unit: "m", minimum: 1, maximum: 100, required: true, example: 9 },
    { name: "hull", type: "category", levels: ["wood", 'say "steel"', "GfK é"], required: true },
    { name: "age", type: "number", minimum: 0, required: false },
  ],
  split: { testShare: 0.2, seed: 1 },
  similar: { match: ["hull"], nearest: "length" },
});

export interface TestBundle {
  readonly manifest: Manifest;
  readonly form: () => FormData;
}

const encode = (text: string) => new TextEncoder().encode(text);

export interface BundleOptions {
  readonly slope?: number;
  readonly family?: string;
  readonly metadata?: Record<string, string>;
  readonly change?: (manifest: Manifest) => unknown;
  readonly onnx?: (bytes: Uint8Array) => Uint8Array;
  readonly input?: string;
  readonly trainedAt?: string;
  /** Instead of the explain.json that explains the model; null for a bundle without one. */
  readonly explain?: Uint8Array<ArrayBuffer> | null;
  /** Errors on the held-out rows, and which rows those are; a bundle without them cannot be compared. */
  readonly heldOut?: { readonly errors: readonly number[]; readonly rows?: string };
}

/** The explain.json of a model that prices `slope` for each unit of the first feature, of which the average thing has one. */
function explanationOf({ features: [{ name }] }: DatasetSpec, slope: number): Explanation {
  const bounds = { low: -1e9, high: 1e9 };
  const main = { feature: name, scale: { log: false, floor: 0 }, center: 0, deviation: 1, ...bounds };
  return {
    kind: "linear",
    format: explanationFormat,
    link: "identity",
    intercept: 0,
    columns: [{ name, features: [name], weight: slope, mean: 1 }],
    design: {
      params: { interactions: false, pairs: false, others: "none" },
      main: { ...main, powers: 1, knots: [], expectationPowers: 1, names: [name] },
      encodings: [],
      others: [],
      ...bounds,
    },
  };
}

/** A model that prices `slope` for each unit of the spec's first feature. */
export async function makeBundle(spec: DatasetSpec, options: BundleOptions = {}): Promise<TestBundle> {
  const { slope = 4000, family = "linear", trainedAt = "2026-01-02T03:04:05.000Z" } = options;
  const specHash = await sha256(encode(canonicalSpec(spec)));
  const data = "d".repeat(64);
  const graph = new GraphBuilder();
  const input = graph.input(options.input ?? spec.features[0].name, "float");
  const wide = graph.node("Cast", [input], { to: { int: elementTypeCodes.double } });
  const price = graph.node("Mul", [wide, graph.constant("double", [], [slope])]);
  graph.output("prediction", price, "double");
  const metadata = {
    dataset: spec.name,
    spec_hash: specHash,
    data_sha256: data,
    family,
    format: String(manifestFormat),
  };
  const built = graph.build({ ...metadata, ...options.metadata });
  const onnx = options.onnx?.(built) ?? built;
  const hash = await sha256(onnx);
  const explain =
    options.explain === undefined ? encode(JSON.stringify(explanationOf(spec, slope))) : options.explain;
  const card = encode("<!doctype html><title>card</title>");
  const { errors = [], rows: heldOutRows = "a".repeat(64) } = options.heldOut ?? {};
  const heldOut =
    options.heldOut && encodeHeldOut({ rowsSha256: heldOutRows, errors: Float32Array.from(errors) });
  const metrics = {
    rows: heldOut ? errors.length : 10,
    meanAbsoluteError: heldOut ? errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length : 1,
    rootMeanSquaredError: 2,
    meanAbsolutePercentageError: 0.1,
    r2Score: 0.9,
  };
  const row = Object.fromEntries(
    spec.features
      .filter((feature) => feature.required)
      .map((feature) => [feature.name, feature.type === "number" ? 2 : feature.levels[0]]),
  );
  const manifest: Manifest = {
    format: manifestFormat,
    id: `${family}-${hash.slice(0, 12)}`,
    dataset: spec.name,
    family,
    title: "Linear: price by size",
    params: { slope },
    seed: 42,
    trainedAt,
    seconds: 1,
    specHash,
    data: {
      sha256: data,
      rows: 12,
      trainRows: 10,
      testRows: 2,
      cleaning: { read: 12, kept: 12, dropped: [] },
    },
    metrics: { heldOut: metrics, crossValidated: null, segments: [] },
    conformal: {
      scale: "none",
      normalised: false,
      residuals: "out-of-fold",
      coverages: [0.5, 0.9, 0.99],
      groups: { required: { rows: 1000, widths: [10, 100, 1000] } },
    },
    ranges: { [spec.features[0].name]: { minimum: Math.fround(0.2), maximum: Math.fround(5.01) } },
    search: { seconds: 1, candidates: [] },
    report: {},
    probes: [{ row, prediction: 2 * slope }],
    parent: null,
    environment: { code: "test", node: "v24", platform: "test" },
    files: [
      { name: "model.onnx", sha256: hash, bytes: onnx.length },
      ...(explain
        ? [{ name: "explain.json" as const, sha256: await sha256(explain), bytes: explain.length }]
        : []),
      { name: "card.html", sha256: await sha256(card), bytes: card.length },
      ...(heldOut
        ? [{ name: "held-out.bin" as const, sha256: await sha256(heldOut), bytes: heldOut.length }]
        : []),
    ],
  };
  const sent = JSON.stringify(options.change?.(structuredClone(manifest)) ?? manifest);
  const form = () => {
    const parts = new FormData();
    parts.append("manifest.json", new Blob([sent]), "manifest.json");
    parts.append("model.onnx", new Blob([onnx]), "model.onnx");
    if (explain) parts.append("explain.json", new Blob([explain]), "explain.json");
    parts.append("card.html", new Blob([card]), "card.html");
    if (heldOut) parts.append("held-out.bin", new Blob([heldOut]), "held-out.bin");
    return parts;
  };
  return { manifest, form };
}

export async function register(service: Service, spec: DatasetSpec): Promise<Response> {
  return service.fetch(`/v1/datasets/${spec.name}`, { method: "PUT", json: spec, token: "admin" });
}

export async function publish(service: Service, spec: DatasetSpec, bundle: TestBundle): Promise<Response> {
  return service.fetch(`/v1/${spec.name}/models`, { body: bundle.form(), token: "admin" });
}

/** Points an alias that does not exist yet at a model. */
export async function point(
  service: Service,
  spec: DatasetSpec,
  model: string,
  alias = "champion",
): Promise<Response> {
  return service.fetch(`/v1/${spec.name}/aliases/${alias}`, {
    method: "PUT",
    token: "admin",
    headers: { "if-none-match": "*" },
    json: { model, reason: "first" },
  });
}

/** A dataset with a champion; throws where a step is refused. */
export async function setUp(
  service: Service,
  spec: DatasetSpec,
  options: BundleOptions = {},
): Promise<TestBundle> {
  const bundle = await makeBundle(spec, options);
  const steps = [
    () => register(service, spec),
    () => publish(service, spec, bundle),
    () => point(service, spec, bundle.manifest.id),
  ];
  for (const step of steps) {
    const answer = await step();
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }
  return bundle;
}

/** Imports items given as objects. */
export async function importItems(
  service: Service,
  spec: DatasetSpec,
  items: readonly object[],
): Promise<Response> {
  return service.fetch(`/v1/${spec.name}/items/import`, {
    headers: { "content-type": "application/x-ndjson" },
    body: items.map((item) => JSON.stringify(item)).join("\n"),
    token: "admin",
  });
}
