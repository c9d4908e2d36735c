// What a training run found, as a table for people and as one document for programs.
import type { CleaningReport, Metrics } from "#core/bundle/manifest.ts";
import type { Task } from "#core/tasks/task.ts";
import type { Bundle } from "../bundle.ts";
import type { PreparedData } from "../prepare.ts";
import type { Promotion } from "../publish/promotion.ts";
import type { FamilyResult } from "../train.ts";
import { bold } from "./output.ts";
import { type Column, layTable } from "./text-table.ts";

/** The main metric in cross-validation, then every figure of the task. */
export function metricColumns({ figures }: Task): Column[] {
  return [`CV ${figures[0].title}`, ...figures.map(({ title }) => title)].map((title) => ({
    title,
    align: "right",
  }));
}

/** Cells under `metricColumns`; all but the first are of held-out rows, "" where there are none. */
export function metricCells(
  { figures }: Task,
  crossValidated: Metrics | undefined,
  heldOut: Metrics | undefined,
): string[] {
  return [
    crossValidated ? figures[0].show(crossValidated) : "",
    ...figures.map(({ show }) => (heldOut ? show(heldOut) : "")),
  ];
}

/** One line: how many rows were read, and what each rule dropped. */
export function describeCleaning({ read, kept, dropped }: CleaningReport): string {
  const rules = dropped.filter(({ count }) => count > 0).map(({ rule, count }) => `${count} ${rule}`);
  return `${read} rows read, ${kept} kept${rules.length > 0 ? `; dropped ${rules.join(", ")}` : ""}`;
}

/** Every candidate with its cross-validated error, and for those that were fitted the held-out metrics and the model's id. */
export function layCandidates(task: Task, families: readonly FamilyResult[], best: string): string {
  const columns: Column[] = [
    { title: "family", align: "left" },
    { title: "candidate", align: "left" },
    ...metricColumns(task),
    { title: "model", align: "left" },
  ];
  const rows = families.flatMap(({ family, trials, models }) =>
    trials.map((trial) => {
      const manifest = models.find((model) => model.trial === trial)?.bundle.manifest;
      const mark = manifest?.id === best ? bold(" best") : "";
      const cells = metricCells(task, trial.crossValidated, manifest?.metrics.heldOut);
      return [family, trial.name, ...cells, `${manifest?.id ?? ""}${mark}`];
    }),
  );
  return layTable(columns, rows);
}

/** The document that --json prints and metrics.json holds. `models` are best first. */
export function toDocument(
  data: PreparedData,
  families: readonly FamilyResult[],
  models: readonly Bundle[],
  promotion: Promotion | null,
): object {
  return {
    dataset: data.spec.name,
    seed: data.seed,
    specHash: data.specHash,
    data: {
      sha256: data.snapshot.sha256,
      rows: data.snapshot.rows.length,
      trainRows: data.train.rows,
      testRows: data.test.rows,
      cleaning: data.cleaning,
    },
    candidates: families.flatMap(({ family, trials }) =>
      trials.map(({ name, params, crossValidated, seconds }) => ({
        family,
        name,
        params,
        crossValidated,
        seconds,
      })),
    ),
    searches: families.flatMap(({ family, search }) =>
      search ? [{ family, trials: search.trials, seconds: search.seconds }] : [],
    ),
    models: models.map(({ manifest }) => ({
      id: manifest.id,
      family: manifest.family,
      title: manifest.title,
      params: manifest.params,
      metrics: manifest.metrics,
      seconds: manifest.seconds,
      files: manifest.files,
    })),
    best: models[0].manifest.id,
    promotion,
  };
}
