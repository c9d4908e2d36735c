// A published model out of R2, checked against its hashes and compiled.
import { Manifest } from "#core/bundle/manifest.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { Env } from "../env.ts";
import { sha256 } from "../storage/content.ts";
import { bundleKey, readObject } from "../storage/objects.ts";
import type { ServedModel } from "./pricing.ts";

const manifestPart = Manifest.pick({
  ...{ id: true, family: true, specHash: true, conformal: true, ranges: true, relations: true, files: true },
  training: true,
});

const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as unknown;

/** Which model, and the SHA-256 of its manifest, from which the hash of everything else follows. */
export interface ModelPlace {
  readonly model: string;
  readonly bundle: string;
}

/** Reads, checks and compiles a model. Rejects where R2 does, and where a byte differs from what was published. */
export async function loadServedModel(env: Env, dataset: string, place: ModelPlace): Promise<ServedModel> {
  const { model: id, bundle } = place;
  const read = async (file: string) => {
    const key = bundleKey(dataset, id, bundle, file);
    const bytes = await readObject(env, key);
    if (!bytes) throw new Error(`${key} is missing`);
    return { bytes, hash: await sha256(bytes), key };
  };
  const [onnx, manifestFile, specFile] = await Promise.all(
    ["model.onnx", "manifest.json", "dataset.json"].map(read),
  );
  const check = ({ hash, key }: { hash: string; key: string }, expected: string | undefined) => {
    if (hash !== expected) throw new Error(`${key} does not hold what was published`);
  };
  check(manifestFile, bundle);
  const manifest = manifestPart.parse(decode(manifestFile.bytes));
  check(onnx, manifest.files.find(({ name }) => name === "model.onnx")?.sha256);
  check(specFile, manifest.specHash);
  return {
    ...{ id, bundle, manifest },
    spec: checkSpec(decode(specFile.bytes)),
    onnx: loadModel(onnx.bytes),
    bytes: onnx.bytes.length,
  };
}
