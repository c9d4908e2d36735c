// A model's manifest as text for people: where it comes from, how well it does, and for which levels.
import type { Manifest } from "#core/bundle/manifest.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { Task } from "#core/tasks/task.ts";
import { findBest } from "../search/trial.ts";
import { layTable } from "./text-table.ts";
import { describeCleaning, metricCells, metricColumns } from "./train-report.ts";

function describeSearch({ candidates, trials }: Manifest["search"], task: Task): string {
  const compared = `${candidates.length} candidate${candidates.length === 1 ? "" : "s"}`;
  const best = trials && findBest(trials);
  if (!trials) return compared;
  return `${compared}, ${trials.length} trials${best ? `, the best with ${task.mainMetric.title} ${best.value?.toPrecision(5)}` : ""}`;
}

function describeParams(params: Manifest["params"]): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** Facts, then the metrics over all held-out rows and by level. */
export function layManifest(manifest: Manifest): string {
  const { data, metrics, environment, parent } = manifest;
  const task = taskOfMetrics(metrics.heldOut);
  const facts: readonly (readonly [string, string])[] = [
    ["model", manifest.id],
    ["title", manifest.title],
    ["dataset", manifest.dataset],
    ["family", manifest.family],
    ["parameters", describeParams(manifest.params)],
    ["trained", `${manifest.trainedAt}, ${manifest.seconds.toFixed(1)} s, seed ${manifest.seed}`],
    ["rows", `${data.trainRows} train, ${data.testRows} held out; ${describeCleaning(data.cleaning)}`],
    ["snapshot", data.sha256],
    ["spec", manifest.specHash],
    ["search", describeSearch(manifest.search, task)],
    ["replaces", parent ?? "nothing"],
    ["code", `${environment.code}, Node ${environment.node}, ${environment.platform}`],
    ["files", manifest.files.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(", ")],
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = facts.map(([name, value]) => name.padEnd(width) + value);
  const columns = [
    { title: "rows of", align: "left" } as const,
    { title: "rows", align: "right" } as const,
    ...metricColumns(task),
  ];
  const rows = [
    [
      "all held out",
      String(metrics.heldOut.rows),
      ...metricCells(task, metrics.crossValidated ?? undefined, metrics.heldOut),
    ],
    ...metrics.segments.map(({ feature, level, metrics: own }) => [
      `${feature} ${level}`,
      String(own.rows),
      ...metricCells(task, undefined, own),
    ]),
  ];
  return `${lines.join("\n")}\n\n${layTable(columns, rows)}`;
}
