// What the model looks at: importance of features, or coefficients with their standard errors.
import * as Plot from "@observablehq/plot";
import * as z from "zod";
import { taskOf } from "#core/tasks/index.ts";
import { FeatureImportance } from "./card-input.ts";
import { type CardView, featureTitle } from "./card-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { type Html, html, renderTable } from "./html.ts";
import { formatNumber, formatShare } from "./number-format.ts";
import type { Section } from "./section.ts";

const Coefficients = z.array(
  z.object({ name: z.string(), coefficient: z.number(), standardError: z.number().nullable() }),
);

/** As families report it: a list, or shares of gain by feature. */
const Importance = z.union([
  z.array(FeatureImportance),
  z
    .record(z.string(), z.number())
    .transform((shares) =>
      Object.entries(shares).map(([feature, gain]): FeatureImportance => ({ feature, gain })),
    ),
]);

const mostBars = 10;

interface Bar {
  readonly label: string;
  readonly value: number;
}

function barFigure(title: string, caption: string, axis: string, bars: readonly Bar[]): Figure {
  const drawn = bars.slice(0, mostBars);
  const labels = drawn.map(({ label }) => label);
  const percent = axis.includes("%");
  const text = (value: number) => (percent ? formatShare(value) : formatNumber(value));
  return {
    title,
    caption,
    alt: `Largest first: ${drawn
      .slice(0, 5)
      .map(({ label, value }) => `${label} ${text(value)}`)
      .join(", ")}.`,
    plot: {
      height: 66 + 24 * drawn.length,
      marginLeft: labelMargin(labels),
      marginRight: 56,
      x: {
        label: `${axis} →`,
        ticks: 4,
        grid: true,
        tickFormat: percent ? (v: number) => `${Math.round(100 * v)}` : undefined,
      },
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.barX(drawn, {
          y: "label",
          x: "value",
          fill: "var(--first)",
          insetTop: 3,
          insetBottom: 3,
          rx2: 3,
        }),
        Plot.text(drawn, {
          y: "label",
          x: "value",
          text: ({ value }: Bar) => text(value),
          textAnchor: "start",
          dx: 5,
        }),
        Plot.ruleX([0], { strokeOpacity: 0.4 }),
      ],
    },
  };
}

function importanceFigures({ spec }: CardView, importance: readonly FeatureImportance[]): Figure[] {
  const bars = (of: (one: FeatureImportance) => number | undefined) =>
    importance
      .map((one) => ({ label: shortLabel(featureTitle(spec, one.feature)), value: of(one) ?? 0 }))
      .sort((a, b) => b.value - a.value);
  const figures: Figure[] = [];
  if (importance.some(({ meanAbsoluteShap }) => meanAbsoluteShap !== undefined)) {
    const unit = taskOf(spec).contributionUnit(spec);
    figures.push(
      barFigure(
        "By contribution to the price",
        `Mean size of each feature's exact contribution (SHAP), ${unit}.`,
        "Mean |SHAP|",
        bars(({ meanAbsoluteShap }) => meanAbsoluteShap),
      ),
    );
  }
  if (importance.some(({ gain }) => gain !== undefined)) {
    const total = importance.reduce((sum, { gain }) => sum + (gain ?? 0), 0) || 1;
    figures.push(
      barFigure(
        "By gain",
        "How much of the loss that all splits took away was taken away by splits on this feature.",
        "Share of gain, %",
        bars(({ gain }) => (gain ?? 0) / total),
      ),
    );
  }
  return figures;
}

/** The numbers of every feature, where there are more than the bars show. */
function importanceTable({ spec }: CardView, importance: readonly FeatureImportance[]): Html | "" {
  if (importance.length <= mostBars) return "";
  const size = ({ meanAbsoluteShap, gain }: FeatureImportance) => meanAbsoluteShap ?? gain ?? 0;
  const cell = (value: number | undefined) => (value === undefined ? "–" : formatNumber(value));
  return html`<details><summary>All ${importance.length} features</summary>${renderTable(
    "Every feature, largest first",
    ["Feature", "Mean |SHAP|", "Gain"],
    [...importance]
      .sort((a, b) => size(b) - size(a))
      .map((one) => [featureTitle(spec, one.feature), cell(one.meanAbsoluteShap), cell(one.gain)]),
  )}</details>`;
}

/** Importance as given or as the family reports it; undefined where it says nothing of the kind. */
export function importanceSection(view: CardView): Section | undefined {
  const { report } = view.manifest;
  const reported = Importance.safeParse(report.importance);
  const importance = view.importance ?? (reported.success ? reported.data : []);
  const coefficients = Coefficients.safeParse(report.coefficients);
  const figures = importanceFigures(view, importance);
  const table = importanceTable(view, importance);
  if (!coefficients.success || coefficients.data.length === 0)
    return figures.length === 0
      ? undefined
      : { id: "importance", title: "What it looks at", figures, after: html`${table}` };
  const terms = coefficients.data
    .map((one) => ({ ...one, size: one.standardError ? Math.abs(one.coefficient) / one.standardError : 0 }))
    .sort((a, b) => b.size - a.size);
  // The intercept is no term of anything.
  const bars = terms
    .filter(({ name }) => !/intercept/i.test(name))
    .map(({ name, size }) => ({ label: shortLabel(name), value: size }));
  const seen = new Set<string>();
  const distinct = bars.filter(({ label }) => !seen.has(label) && seen.add(label));
  const surest = barFigure(
    "Surest coefficients",
    `Coefficient over its standard error, without sign: how surely a term matters, not how much. The ${Math.min(mostBars, distinct.length)} largest of ${terms.length}.`,
    "|coefficient| / standard error",
    distinct,
  );
  return {
    id: "importance",
    title: "What it looks at",
    figures: [...figures, surest],
    after: html`${table}<details><summary>All ${terms.length} coefficients</summary>${renderTable(
      view.relative ? "Coefficients on the logarithm of the target" : "Coefficients",
      ["Term", "Coefficient", "Standard error", "t"],
      terms.map(({ name, coefficient, standardError }) => [
        name,
        formatNumber(coefficient),
        standardError === null ? "none" : formatNumber(standardError),
        standardError ? (coefficient / standardError).toFixed(1) : "none",
      ]),
    )}</details>`,
  };
}
