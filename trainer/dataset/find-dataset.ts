// Finds a dataset spec by name (data/<name>/dataset.json) or by the path of its file.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "#core/api/problem.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import { type DatasetSpec, maxSpecBytes, parseSpec } from "#core/dataset/spec.ts";

export interface Dataset {
  readonly spec: DatasetSpec;
  readonly file: string;
  /** What the paths inside the spec are relative to. */
  readonly directory: string;
}

/** data/ of the folder that the command runs in, then the one of this installation. */
function dataFolders(): string[] {
  return [...new Set([resolve("data"), fileURLToPath(new URL("../../data", import.meta.url))])];
}

/** The dataset of that name under data/, or of the dataset.json at that path. Throws InputError naming what was looked for. */
export function loadDataset(nameOrPath: string): Dataset {
  const isName = /^[a-z][a-z0-9-]*$/.test(nameOrPath);
  const named = dataFolders().map((folder) => resolve(folder, nameOrPath));
  const path = isName
    ? (named.find((folder) => existsSync(resolve(folder, "dataset.json"))) ?? named[0])
    : resolve(nameOrPath);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? isName;
  const file = isFolder ? resolve(path, "dataset.json") : path;
  if (!existsSync(file)) {
    const shown = nameOrPath.slice(0, 100);
    const found = isName ? `no data/${shown}/dataset.json` : "no such file";
    throw new InputError(
      `${shown}: ${found}; expected the name of a dataset or the path of a dataset.json${hint(nameOrPath, listDatasets())}`,
    );
  }
  const { size } = statSync(file);
  if (size > maxSpecBytes)
    throw new InputError(`${file}: expected at most ${maxSpecBytes} bytes; got ${size}`);
  return { spec: parseSpec(readFileSync(file, "utf8"), nameOrPath), file, directory: dirname(file) };
}

/** Names of the datasets under data/ of the present folder, or of the installation where that has none. */
export function listDatasets(): string[] {
  for (const folder of dataFolders()) {
    if (!existsSync(folder)) continue;
    const names = readdirSync(folder).filter((name) => existsSync(resolve(folder, name, "dataset.json")));
    if (names.length > 0) return names.sort();
  }
  return [];
}

/** The one dataset under data/: what a command means that names none. Throws InputError where there is not exactly one. */
export function onlyDataset(): string {
  const names = listDatasets();
  if (names.length !== 1) {
    throw new InputError(`--dataset: expected one of ${names.join(", ") || "none yet: data/ is empty"}`);
  }
  return names[0];
}
