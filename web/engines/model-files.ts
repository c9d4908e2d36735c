// A model as the page needs it: the ONNX bytes, held against the hash that its manifest names, and the manifest.
import type { Manifest } from "#core/bundle/manifest.ts";
import type { Client } from "./client.ts";
import { Failure } from "./failure.ts";

export interface ModelFiles {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
}

export function modelPath(dataset: string, modelId: string): string {
  return `/v1/${encodeURIComponent(dataset)}/models/${encodeURIComponent(modelId)}`;
}

/** Whether the bytes are those the manifest names; where the page is no secure context nothing can be hashed, and TLS is absent anyway. */
async function isWhole(model: Uint8Array, manifest: Manifest, name: string): Promise<boolean> {
  const wanted = manifest.files?.find((file) => file.name === name)?.sha256;
  if (!wanted || !globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", model as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === wanted;
}

/**
 * The files of a model, from what the page has kept where it has. A kept file that is broken is fetched again, once;
 * files of other models of the dataset are let go. Throws a Failure.
 */
export async function fetchModel(client: Client, dataset: string, modelId: string): Promise<ModelFiles> {
  const path = modelPath(dataset, modelId);
  const [bytes, manifest] = await Promise.all([
    client.bytes(`${path}/model.onnx`),
    client.json<Manifest>(path, { keep: "for good" }),
  ]);
  let model = bytes;
  if (!(await isWhole(model, manifest, "model.onnx"))) {
    await client.forget(`${path}/model.onnx`);
    model = await client.bytes(`${path}/model.onnx`);
    if (!(await isWhole(model, manifest, "model.onnx"))) {
      throw new Failure("service", "the model does not have the hash that its manifest names");
    }
  }
  await client.forgetBut(`/v1/${encodeURIComponent(dataset)}/models/`, path);
  return { model, manifest };
}
