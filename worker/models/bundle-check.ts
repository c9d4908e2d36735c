// Whether a bundle that someone sends is what it says: hashes, sizes, the graph, and the prices it was published with.

import { type FieldError, InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseHeldOut } from "#core/bundle/held-out.ts";
import {
  agreement,
  type BundleFileName,
  bundleFileNames,
  Manifest,
  relativeDifference,
} from "#core/bundle/manifest.ts";
import { checkRow } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel, type OnnxModel } from "#core/onnx/model.ts";
import { difficultyOutput } from "#core/onnx/outputs.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { StoredDataset } from "../datasets/index.ts";
import { parseWith } from "../http/body.ts";
import { parseJson } from "../http/json.ts";
import { sha256 } from "../storage/content.ts";
import type { CheckedBundle } from "./store/models.ts";

type Files = Map<BundleFileName, Uint8Array>;

const manifestPart = "manifest.json";

/** The parts of a multipart bundle by name. Throws InputError for a part that is unknown, missing or given twice. */
export async function readParts(form: FormData): Promise<{ manifestBytes: Uint8Array; files: Files }> {
  const files: Files = new Map();
  let manifestBytes: Uint8Array | undefined;
  const errors: FieldError[] = [];
  for (const [name, value] of form.entries()) {
    const file = bundleFileNames.find((known) => known === name);
    if (!file && name !== manifestPart) {
      const detail = `expected only ${[manifestPart, ...bundleFileNames].join(", ")}`;
      errors.push({ pointer: `/${name.slice(0, 64)}`, detail: `unknown part; ${detail}` });
      continue;
    }
    if (file ? files.has(file) : manifestBytes) errors.push({ pointer: `/${name}`, detail: "given twice" });
    const bytes =
      typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer());
    if (file) files.set(file, bytes);
    else manifestBytes = bytes;
  }
  if (!manifestBytes) errors.push({ pointer: `/${manifestPart}`, detail: "required: the bundle's manifest" });
  if (!files.has("model.onnx")) errors.push({ pointer: "/model.onnx", detail: "required: the model" });
  if (errors.length > 0 || !manifestBytes) throw new InputError(errors);
  return { manifestBytes, files };
}

const fault = (place: string, detail: string) =>
  new InputError([{ pointer: `/${manifestPart}${place}`, detail }]);

async function checkFiles(manifest: Manifest, files: Files): Promise<void> {
  const errors: FieldError[] = [];
  const listed = new Set(manifest.files.map(({ name }) => name));
  if (listed.size < manifest.files.length)
    errors.push({ pointer: `/${manifestPart}/files`, detail: "a file is listed twice" });
  for (const name of files.keys()) {
    if (!listed.has(name))
      errors.push({ pointer: `/${name}`, detail: "the manifest does not list this file" });
  }
  for (const { name, bytes, sha256: expected } of manifest.files) {
    const given = files.get(name);
    if (!given) errors.push({ pointer: `/${name}`, detail: "the manifest lists this file; got nothing" });
    else if (given.length !== bytes) {
      errors.push({
        pointer: `/${name}`,
        detail: `expected ${bytes} bytes, as the manifest says; got ${given.length}`,
      });
    } else if ((await sha256(given)) !== expected) {
      errors.push({ pointer: `/${name}`, detail: `expected the SHA-256 ${expected}, as the manifest says` });
    }
  }
  if (errors.length > 0) throw new InputError(errors);
}

function checkIdentity(dataset: string, stored: StoredDataset, manifest: Manifest, onnxHash: string): void {
  if (manifest.dataset !== dataset) throw fault("/dataset", `expected "${dataset}", where this is published`);
  const id = `${manifest.family}-${onnxHash.slice(0, 12)}`;
  if (manifest.id !== id) throw fault("/id", `expected ${id}, the family and the hash of model.onnx`);
  if (manifest.specHash !== stored.specHash) {
    const detail = `expected ${stored.specHash}, the hash of the registered spec: register the spec that the model was fitted to, or fit again`;
    throw new Refusal("conflict", "the model was fitted to another spec", {
      errors: [{ pointer: `/${manifestPart}/specHash`, detail }],
    });
  }
}

function checkGraph(spec: DatasetSpec, manifest: Manifest, onnx: OnnxModel): void {
  const expected: Record<string, string> = {
    dataset: manifest.dataset,
    spec_hash: manifest.specHash,
    data_sha256: manifest.data.sha256,
    family: manifest.family,
    format: String(manifest.format),
  };
  for (const [key, value] of Object.entries(expected)) {
    if (onnx.metadata[key] === value) continue;
    throw new InputError([{ pointer: "/model.onnx", detail: `expected the metadata ${key} = ${value}` }]);
  }
  const isNormalised = "normalised" in manifest.conformal && manifest.conformal.normalised;
  if (onnx.outputs.includes(difficultyOutput) !== isNormalised) {
    const detail = `expected true where model.onnx has an output ${difficultyOutput}, false where it has none`;
    throw fault("/conformal/normalised", detail);
  }
  const wanted = spec.features.map(({ name, type }) => `${name}: ${type === "number" ? "float" : "string"}`);
  const given = onnx.inputs.map(({ name, type }) => `${name}: ${type}`);
  const missing = given.filter((input) => !wanted.includes(input));
  if (missing.length === 0) return;
  const detail = `its inputs ${missing.join(", ")} are no features of ${spec.name}; expected some of ${wanted.join(", ")}`;
  throw new InputError([{ pointer: "/model.onnx", detail }]);
}

/** Prices the probe rows here; throws InputError where a price differs from the trainer's by more than runtimes may. */
function checkProbes(spec: DatasetSpec, manifest: Manifest, onnx: OnnxModel): void {
  const rows = manifest.probes.map(({ row }, at) => {
    try {
      return checkRow(spec, row);
    } catch (error) {
      throw fault(`/probes/${at}/row`, (error as Error).message);
    }
  });
  const prices = onnx.predict(feedsOf(spec, rows), rows.length);
  manifest.probes.forEach(({ prediction, probabilities = [Number(prediction)] }, at) => {
    const given = prices.subarray(at * onnx.width, (at + 1) * onnx.width);
    const apart = given.findIndex((one, k) => !(relativeDifference(one, probabilities[k]) <= agreement));
    if (apart < 0 && probabilities.length === onnx.width) return;
    const detail = `the model gives ${given.join(", ")} here, the manifest says ${probabilities.join(", ")}: they may differ by ${agreement} of the price`;
    throw fault(`/probes/${at}/prediction`, detail);
  });
}

/** Holds the errors of the held-out rows against the metrics that were made of them; throws InputError where they disagree. */
function checkHeldOut({ metrics: { heldOut } }: Manifest, bytes: Uint8Array): void {
  const refuse = (detail: string) => new InputError([{ pointer: "/held-out.bin", detail }]);
  let errors: Float32Array;
  try {
    errors = parseHeldOut(bytes).errors;
  } catch (error) {
    throw error instanceof InputError ? refuse(error.message) : error;
  }
  if (errors.length !== heldOut.rows)
    throw refuse(`expected ${heldOut.rows} rows, as the manifest says; got ${errors.length}`);
  const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
  const { mainMetric } = taskOfMetrics(heldOut);
  const told = mainMetric.of(heldOut);
  if (relativeDifference(mean, told) > agreement)
    throw refuse(`its ${mainMetric.words} is ${mean}, the manifest's ${told}: expected the same`);
}

/** Everything that can be known of a bundle before it is kept. Throws InputError or a conflict refusal. */
export async function checkBundle(
  dataset: string,
  stored: StoredDataset,
  manifestBytes: Uint8Array,
  files: Files,
): Promise<CheckedBundle> {
  const text = new TextDecoder().decode(manifestBytes);
  const manifest = parseWith(Manifest, parseJson(text, manifestPart), [manifestPart]);
  await checkFiles(manifest, files);
  const bytes = files.get("model.onnx");
  if (!bytes) throw fault("/files", "expected model.onnx");
  checkIdentity(dataset, stored, manifest, await sha256(bytes));
  let onnx: OnnxModel;
  try {
    onnx = loadModel(bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([{ pointer: "/model.onnx", detail: error.message }]);
  }
  checkGraph(stored.spec, manifest, onnx);
  checkProbes(stored.spec, manifest, onnx);
  const heldOut = files.get("held-out.bin");
  if (heldOut) checkHeldOut(manifest, heldOut);
  return { manifest, manifestBytes, files, spec: stored.spec };
}
