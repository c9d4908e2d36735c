// What depends on a dataset's task: how a prediction is settled and measured, what contributions are in, what a card shows.
import type { Metrics } from "../bundle/manifest.ts";
import type { DatasetSpec } from "../dataset/spec.ts";

/** A figure of a report: its heading, and its text for the metrics of some rows. */
export interface MetricFigure {
  readonly title: string;
  show(metrics: Metrics): string;
}

/** Sections of a model card, by name; trainer/card/render-card.ts draws them. */
export type SectionName =
  | "accuracy"
  | "champion"
  | "errors"
  | "intervals"
  | "importance"
  | "search"
  | "data"
  | "provenance";

/** The figure by which models are ranked, searched for and compared: the mean of `errors`. Lower is better in every task. */
export interface MainMetric {
  readonly name: "meanAbsoluteError" | "logLoss";
  /** In a report's heading. */
  readonly title: string;
  of(metrics: Metrics): number;
}

/** One object a task; core/tasks/index.ts finds the one of a spec. */
export interface Task {
  readonly name: DatasetSpec["task"];
  /** A checked target as models are fitted to it, and as rows and answers carry it. */
  encode(spec: DatasetSpec, target: number | string): number;
  decode(spec: DatasetSpec, target: number): number | string;
  /** What each part of a split is to hold in equal shares; undefined where rows are dealt out regardless. */
  strata(actual: ArrayLike<number>): ArrayLike<number> | undefined;
  /** How many numbers predict a row; predictions of many rows stand row after row. */
  width(spec: DatasetSpec): number;
  /** Predictions within what the spec allows: what the graph ends with, for predictions made without it. */
  settle(spec: DatasetSpec, predicted: Float64Array): Float64Array;
  readonly mainMetric: MainMetric;
  /** How far off each row is, never below 0. Rows pair up between two models of the same rows. */
  errors(spec: DatasetSpec, actual: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array;
  /** What a bundle keeps of every held-out row: its size is the row's error. */
  residuals(spec: DatasetSpec, actual: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array;
  /** Throws RangeError for no rows. */
  measure(spec: DatasetSpec, actual: ArrayLike<number>, predicted: ArrayLike<number>): Metrics;
  /** The main metric first. */
  readonly figures: readonly [MetricFigure, ...MetricFigure[]];
  /** What contributions to a prediction are in, after "Mean size of a contribution, ". */
  contributionUnit(spec: DatasetSpec): string;
  /** Of a model card, in order. */
  readonly sections: readonly SectionName[];
}
