// Finds a dataset spec by name (data/<name>/dataset.json in the present folder, or one of the examples) or by the path of its file.
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

const ownFolder = () => resolve("data");

/** The datasets that come with the product, as examples. */
const exampleFolder = fileURLToPath(new URL("../../data", import.meta.url));

const holdsDataset = (folder: string, name: string) => existsSync(resolve(folder, name, "dataset.json"));

/** The folder of a dataset's name: under data/ of the present folder, else among the examples. */
function folderOf(name: string): string {
  const isExample = !holdsDataset(ownFolder(), name) && holdsDataset(exampleFolder, name);
  return resolve(isExample ? exampleFolder : ownFolder(), name);
}

/** The dataset of that name under data/ or among the examples, or of the dataset.json at that path. Throws InputError naming what was looked for. */
export function loadDataset(nameOrPath: string): Dataset {
  const isName = /^[a-z][a-z0-9-]*$/.test(nameOrPath);
  const path = isName ? folderOf(nameOrPath) : resolve(nameOrPath);
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

function listFolder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => holdsDataset(folder, name))
    .sort();
}

/** Names of the datasets under data/ of the present folder. */
export const listOwnDatasets = (): string[] => listFolder(ownFolder());

/** Names of the present folder's datasets; of the examples where it has none. */
export function listDatasets(): string[] {
  const own = listOwnDatasets();
  return own.length > 0 ? own : listFolder(exampleFolder);
}

/** The one dataset under data/: what a command means that names none. Throws InputError where there is not exactly one. */
export function onlyDataset(): string {
  const names = listDatasets();
  if (names.length !== 1) {
    throw new InputError(`--dataset: expected one of ${names.join(", ") || "none yet: data/ is empty"}`);
  }
  return names[0];
}
