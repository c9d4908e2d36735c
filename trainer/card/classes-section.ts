// How well classes are told apart: metrics, the confusion of classes, ROC and precision-recall curves, and segments.
import * as Plot from "@observablehq/plot";
import type { ClassMetrics } from "#core/bundle/manifest.ts";
import { asClasses } from "#core/bundle/metrics-kind.ts";
import { scoresByClass } from "#core/metrics/classification.ts";
import { averagePrecisionScore, rocAucScore } from "#core/metrics/ranking.ts";
import { levelsOf, positiveOf } from "#core/tasks/classes.ts";
import { type CardView, featureTitle } from "./card-view.ts";
import { type ClassRows, dashes, drawnClasses } from "./class-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { formatCount, formatShare } from "./number-format.ts";
import type { Section } from "./section.ts";

const score = (value: number | null) => (value === null ? "none" : value.toFixed(4));

function metricsTable({ manifest, spec }: CardView) {
  const { heldOut, crossValidated } = manifest.metrics;
  const columns = [heldOut, crossValidated].flatMap((metrics) => (metrics && asClasses(metrics)) ?? []);
  const row = (name: string, of: (metrics: ClassMetrics) => string) => [name, ...columns.map(of)];
  const positive = positiveOf(spec);
  const of = positive === undefined ? "mean over classes" : levelsOf(spec)[positive];
  return renderTable(
    `Held-out rows were never seen while training or choosing. Precision, recall, F1, average precision and the Brier loss: ${of}.`,
    ["Metric", "Held out", ...(crossValidated ? ["Cross-validated"] : [])],
    [
      row("Rows", ({ rows }) => formatCount(rows)),
      row("Log loss", ({ logLoss }) => score(logLoss)),
      row("Brier loss", ({ brierLoss }) => score(brierLoss)),
      row("Area under the ROC curve", ({ rocAucScore: area }) => score(area)),
      row("Average precision", ({ averagePrecisionScore: area }) => score(area)),
      row("Accuracy", ({ accuracyScore }) => formatShare(accuracyScore)),
      row("Balanced accuracy", ({ balancedAccuracyScore }) => formatShare(balancedAccuracyScore)),
      row("Precision", ({ precisionScore }) => score(precisionScore)),
      row("Recall", ({ recallScore }) => score(recallScore)),
      row("F1", ({ f1Score }) => score(f1Score)),
      row("Matthews correlation", ({ matthewsScore }) => score(matthewsScore)),
      row("Calibration error", ({ calibrationError }) => formatShare(calibrationError)),
    ],
  );
}

const mostCells = 30;

function confusionFigure({ manifest, spec }: CardView): Figure | undefined {
  const { confusion = [] } = manifest.metrics;
  if (confusion.length === 0 || confusion.length > mostCells) return undefined;
  const levels = levelsOf(spec).map(shortLabel);
  const totals = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cells = confusion.flatMap((row, actual) =>
    row.map((rows, decided) => {
      const share = totals[actual] === 0 ? 0 : rows / totals[actual];
      return { actual: levels[actual], decided: levels[decided], rows, share };
    }),
  );
  const scores = scoresByClass(confusion);
  return {
    title: "Confusion of classes",
    caption:
      "Rows of the figure are actual classes, columns the decisions. The stronger a cell, the larger its share of the row; the numbers count rows.",
    alt: scores
      .map((one, at) => `${levels[at]}: ${formatShare(one.recallScore)} of ${one.rows} rows decided rightly`)
      .join("; "),
    plot: {
      height: 90 + 34 * levels.length,
      marginLeft: labelMargin(levels),
      marginBottom: 56,
      x: { domain: levels, label: "Decided →", tickRotate: levels.length > 4 ? -30 : 0 },
      y: { domain: levels, label: "↑ Actual" },
      opacity: { domain: [0, 1], range: [0.06, 0.85] },
      marks: [
        Plot.cell(cells, { x: "decided", y: "actual", fill: "var(--first)", fillOpacity: "share", inset: 1 }),
        ...(levels.length <= 12
          ? [
              Plot.text(cells, {
                x: "decided",
                y: "actual",
                text: ({ rows }: (typeof cells)[number]) => formatCount(rows),
              }),
            ]
          : []),
      ],
    },
    table: renderTable(
      "By class",
      ["Class", "Rows", "Precision", "Recall", "F1"],
      scores.map((one, at) => [
        levelsOf(spec)[at],
        formatCount(one.rows),
        score(one.precisionScore),
        score(one.recallScore),
        score(one.f1Score),
      ]),
    ),
  };
}

interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** As many points as can be seen. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const step = Math.max(1, Math.floor(points.length / 200));
  return points.filter((_, at) => at % step === 0 || at === points.length - 1);
}

function curveFigure(
  view: CardView,
  text: Pick<Figure, "title" | "caption"> & { readonly x: string; readonly y: string },
  pointsOf: (rows: ClassRows) => CurvePoint[],
  areaOf: (rows: ClassRows) => number,
  diagonal: boolean,
): Figure {
  const curves = drawnClasses(view).map((rows) => ({
    rows,
    points: thinned(pointsOf(rows)),
    area: areaOf(rows),
  }));
  const percent = (value: number) => `${Math.round(100 * value)}`;
  const axis = { domain: [0, 1], tickFormat: percent, ticks: 5, grid: true };
  return {
    title: text.title,
    caption: text.caption,
    alt: curves.map(({ rows, area }) => `${rows.label}: ${score(area)}`).join("; "),
    plot: {
      height: 340,
      marginLeft: 44,
      x: { ...axis, label: `${text.x}, % →` },
      y: { ...axis, label: `↑ ${text.y}, %` },
      marks: [
        ...(diagonal
          ? [
              Plot.line(
                [
                  [0, 0],
                  [1, 1],
                ],
                { stroke: "var(--second)", strokeWidth: 1 },
              ),
            ]
          : []),
        ...curves.flatMap(({ rows, points }, at) => [
          Plot.line(points, {
            x: "x",
            y: "y",
            stroke: "var(--first)",
            strokeWidth: 2,
            strokeDasharray: dashes[at],
          }),
          ...(curves.length > 1
            ? [
                Plot.text([points[Math.floor(((at + 1) * points.length) / (curves.length + 1))]], {
                  x: "x",
                  y: "y",
                  text: () => rows.label,
                  dy: -8,
                }),
              ]
            : []),
        ]),
      ],
    },
    table: renderTable(
      "Area under each curve",
      ["Class", "Area"],
      curves.map(({ rows, area }) => [rows.label, score(area)]),
    ),
  };
}

function rocFigure(view: CardView): Figure {
  return curveFigure(
    view,
    {
      title: "ROC curve",
      caption:
        "Rows of the class that are found, against other rows taken for it, as the threshold falls. On the straight line the model would guess.",
      x: "Others taken for it",
      y: "Found",
    },
    ({ points }) => {
      const last = points[points.length - 1];
      const all = points.map(({ truePositives, falsePositives }) => ({
        x: falsePositives / last.falsePositives,
        y: truePositives / last.truePositives,
      }));
      return [{ x: 0, y: 0 }, ...all];
    },
    ({ points }) => rocAucScore(points),
    true,
  );
}

function precisionFigure(view: CardView): Figure {
  return curveFigure(
    view,
    {
      title: "Precision and recall",
      caption: "How many of the rows taken for the class are of it, against how many of the class are found.",
      x: "Recall: found",
      y: "Precision: of the class",
    },
    ({ points }) => {
      const last = points[points.length - 1];
      return points.map(({ truePositives, falsePositives }) => ({
        x: truePositives / last.truePositives,
        y: truePositives / (truePositives + falsePositives),
      }));
    },
    ({ points }) => averagePrecisionScore(points),
    false,
  );
}

function segmentTable({ manifest, spec }: CardView) {
  const { segments } = manifest.metrics;
  if (segments.length === 0) return undefined;
  return html`<details><summary>Metrics by segment</summary>${renderTable(
    "Held-out metrics of each level.",
    ["Feature", "Level", "Rows", "Log loss", "AUC", "Accuracy", "F1"],
    segments.flatMap(({ feature, level, metrics }) => {
      const own = asClasses(metrics);
      if (!own) return [];
      return [
        [
          featureTitle(spec, feature),
          level,
          formatCount(own.rows),
          score(own.logLoss),
          score(own.rocAucScore),
          formatShare(own.accuracyScore),
          score(own.f1Score),
        ],
      ];
    }),
    2,
  )}</details>`;
}

/** Metrics, confusion, ROC and precision-recall curves, segments. */
export function classesSection(view: CardView): Section {
  const confusion = confusionFigure(view);
  return {
    id: "accuracy",
    title: "Accuracy",
    figures: [...(confusion ? [confusion] : []), rocFigure(view), precisionFigure(view)],
    panels: [{ title: "Metrics", content: metricsTable(view) }],
    after: html`${segmentTable(view)}`,
  };
}
