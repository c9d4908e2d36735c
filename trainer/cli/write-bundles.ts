// Leaves a run in a folder: the best model's files at the top, every model's in a folder of its own when there are several.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "../bundle.ts";

function writeBundle(folder: string, { manifest, files }: Bundle): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** `models` are best first; `document` becomes metrics.json. */
export function writeBundles(folder: string, models: readonly Bundle[], document: object): void {
  writeBundle(folder, models[0]);
  if (models.length > 1) for (const model of models) writeBundle(join(folder, model.manifest.id), model);
  writeFileSync(join(folder, "metrics.json"), `${JSON.stringify(document, null, 2)}\n`);
}
