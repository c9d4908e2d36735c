// Where to decide on the positive class: what mistakes cost at every threshold, by the spec's costs, and where F1 was highest.
import * as Plot from "@observablehq/plot";
import type { CardView } from "./card-view.ts";
import { drawnClasses } from "./class-view.ts";
import { renderTable } from "./html.ts";
import { formatCount, formatShare } from "./number-format.ts";
import type { Section } from "./section.ts";

const percent = (value: number) => `${Math.round(100 * value)}`;

/** Cost by threshold; undefined for more than two classes, or held-out rows of one class alone. */
export function decisionsSection(view: CardView): Section | undefined {
  const { decision } = view.manifest.classes ?? {};
  const [rows] = drawnClasses(view);
  if (!decision || !rows) return undefined;
  const { falsePositive, falseNegative } = view.spec.target.cost ?? { falsePositive: 1, falseNegative: 1 };
  const all = rows.isOwn.length;
  const tell = (threshold: number) => {
    let [found, missed, wrong] = [0, 0, 0];
    rows.isOwn.forEach((isOwn, row) => {
      const isTaken = rows.probabilities[row] >= threshold;
      if (isOwn && isTaken) found++;
      else if (isOwn) missed++;
      else if (isTaken) wrong++;
    });
    const cost = (falsePositive * wrong + falseNegative * missed) / all;
    return {
      threshold,
      found,
      missed,
      wrong,
      cost,
      f1: (2 * found) / Math.max(1, 2 * found + missed + wrong),
    };
  };
  const curve = Array.from({ length: 99 }, (_, at) => tell((at + 1) / 100));
  const marked = [
    ["by cost", tell(decision.threshold)],
    ["highest F1 out of fold", tell(decision.bestF1)],
    ["one half", tell(0.5)],
  ] as const;
  return {
    id: "decisions",
    title: "Where to decide",
    lead: `"${decision.positive}" is decided on from a probability of ${formatShare(decision.threshold)}: the decision of least expected cost where taking another row for it costs ${falsePositive} and missing it ${falseNegative}. The threshold can be changed without training.`,
    figures: [
      {
        title: "Cost by threshold",
        caption:
          "Mean cost of a held-out row at every threshold. Dashed: the threshold by cost; dotted: where F1 was highest out of fold.",
        alt: marked.map(([name, { cost }]) => `${name}: ${cost.toPrecision(3)}`).join("; "),
        plot: {
          height: 300,
          marginLeft: 52,
          x: { domain: [0, 1], label: "Threshold, % →", tickFormat: percent, ticks: 5, grid: true },
          y: { label: "↑ Cost a row", grid: true, ticks: 5, zero: true },
          marks: [
            Plot.line(curve, { x: "threshold", y: "cost", stroke: "var(--first)", strokeWidth: 2 }),
            Plot.ruleX([decision.threshold], { stroke: "var(--second)", strokeDasharray: "6 4" }),
            Plot.ruleX([decision.bestF1], { stroke: "var(--second)", strokeDasharray: "2 3" }),
          ],
        },
        table: renderTable(
          "Thresholds",
          ["Threshold", "Probability", "Found", "Missed", "Taken wrongly", "F1", "Cost a row"],
          marked.map(([name, one]) => [
            name,
            formatShare(one.threshold),
            formatCount(one.found),
            formatCount(one.missed),
            formatCount(one.wrong),
            one.f1.toFixed(4),
            one.cost.toPrecision(3),
          ]),
        ),
      },
    ],
  };
}
