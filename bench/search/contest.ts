// One contest of bench:search: the same rows, folds, space and number of trials for our search and for the rival's.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Params } from "#core/bundle/manifest.ts";
import type { Table } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import type { Family } from "../../trainer/families/family.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { seeded } from "../../trainer/random.ts";
import { studyFamily } from "../../trainer/search/family-study.ts";
import { foldsOf } from "../../trainer/search/search.ts";
import { parseSpace, type SpaceInput } from "../../trainer/search/space.ts";

export interface Contest {
  readonly data: PreparedData;
  readonly space: SpaceInput;
  readonly trials: number;
  /** Trials that run at once, each on one thread. */
  readonly threads: number;
}

/** Errors are mean absolute ones in the target's unit; seconds are those of the search alone. */
export interface ContestResult {
  readonly name: string;
  readonly seconds: number;
  /** Processor time of all threads: says more than the wall where the machine is shared. */
  readonly cpuSeconds: number;
  readonly trials: number;
  readonly complete: number;
  readonly crossValidated: number;
  readonly heldOut: number;
  readonly params: Params;
}

/** The rival is not taught rows that lack features, which takes time and is no part of the contest: nor are we. */
const fixed = { partialRows: 0 };

/** Our side. The best parameters are fitted again on all training rows and judged on the held-out ones. */
export async function runOurs(
  { data, space, trials, threads }: Contest,
  family: Family,
): Promise<ContestResult> {
  const before = process.cpuUsage();
  const study = await studyFamily(data, family.name, foldsOf(data), {
    space,
    fixed,
    budget: { trials },
    threads,
    progress: ({ done, best }) => {
      process.stderr.write(
        `\r${family.name}: ${done} of ${trials}, best ${best?.value?.toFixed(2) ?? "none"}   `,
      );
    },
  });
  process.stderr.write("\n");
  const { user, system } = process.cpuUsage(before);
  const best = study.best;
  if (!best) throw new Error("no trial was complete");
  const model = await family.fit(family.params.parse({ ...fixed, ...best.params }), data.train, {
    spec: data.spec,
    random: seeded(data.seed),
  });
  return {
    name: `appraise ${family.name}`,
    seconds: study.seconds,
    cpuSeconds: (user + system) / 1e6,
    trials: study.trials.length,
    complete: study.trials.filter(({ state }) => state === "complete").length,
    crossValidated: best.value!,
    heldOut: meanAbsoluteError(data.test.target, model.predict(data.test)),
    params: best.params,
  };
}

async function writeColumns(
  folder: string,
  part: string,
  { spec }: PreparedData,
  table: Table,
): Promise<void> {
  for (const [i, { name, type }] of spec.features.entries()) {
    // Categories as the place of their level: what XGBoost's users do with ordered ones.
    const missing = (cell: number) => (type === "category" && cell < 0 ? Number.NaN : cell);
    const column = Float64Array.from(table.columns[name], missing);
    await writeFile(join(folder, `${part}-${i}.f64`), new Uint8Array(column.buffer));
  }
}

function run(
  python: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(python, args, { stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        text[name] += chunk;
      });
    }
    child.on("error", (error) => resolve({ code: null, ...text, stderr: error.message }));
    child.on("close", (code) => resolve({ code, ...text }));
  });
}

/** Why the rival cannot run with this Python, or undefined where it can. */
export async function findPeerFault(python: string): Promise<string | undefined> {
  const { code, stderr } = await run(python, ["-c", "import numpy, optuna, xgboost"]);
  return code === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? `ended with code ${code}`);
}

/** The rival's side, in a process of its own. */
export async function runPeer(
  { data, space, trials, threads }: Contest,
  python: string,
): Promise<ContestResult> {
  const folder = await mkdtemp(join(tmpdir(), "bench-search-"));
  try {
    const folds = foldsOf(data);
    await writeColumns(folder, "train", data, data.train);
    await writeColumns(folder, "test", data, data.test);
    const vectors = {
      "train-target": data.train.target,
      "test-target": data.test.target,
      fold: folds.assigned,
    };
    for (const [name, vector] of Object.entries(vectors))
      await writeFile(join(folder, `${name}.f64`), new Uint8Array(Float64Array.from(vector).buffer));
    const task = {
      features: data.spec.features.map(({ name }) => name),
      log: data.spec.target.transform === "log",
      space: parseSpace(space),
      folds: folds.count,
      seed: data.seed,
      trials,
      threads,
    };
    await writeFile(join(folder, "task.json"), JSON.stringify(task));
    const { code, stdout, stderr } = await run(python, [join(import.meta.dirname, "peer.py"), folder]);
    if (code !== 0) throw new Error(`the peer ended with code ${code}: ${stderr.slice(-2000)}`);
    return JSON.parse(stdout) as ContestResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
