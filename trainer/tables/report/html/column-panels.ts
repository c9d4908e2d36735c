// One panel a column: its distribution, the target by it, and the numbers behind both.
import type { DataReport, ReportColumn, TargetGroup } from "#core/api/data-report.ts";
import { type Html, html, renderTable } from "../../../card/html.ts";
import { formatCount, formatShare } from "../../../card/number-format.ts";
import { showNumber, valueWriter } from "../show-value.ts";
import { drawBars, drawHistogram, drawQuartiles, drawShares } from "./charts.ts";

/** Charts are drawn of so many columns, those that tell most of the target first; the others stand in the table of columns. */
export const mostPanels = 120;

function distribution(column: ReportColumn): Html | undefined {
  const { name, number, levels } = column;
  const show = valueWriter(column.type);
  if (number) {
    const { edges, counts, scale, below, above } = number.histogram;
    const [low, high] = [edges[0], edges[edges.length - 1]];
    const middle = scale === "log" ? Math.sqrt(low * high) : (low + high) / 2;
    const beyond = below + above;
    return html`${drawHistogram(counts, [low, middle, high].map(show), `Histogram of ${name} from ${show(low)} to ${show(high)}`)}
<p class="note">${scale === "log" ? "Logarithmic axis. " : ""}${beyond > 0 ? `${formatCount(beyond)} values lie beyond it. ` : ""}Median ${show(number.quantiles[2])}, 90 % between ${show(number.quantiles[0])} and ${show(number.quantiles[4])}.</p>`;
  }
  if (!levels || levels.top.length === 0) return undefined;
  const most = Math.max(1, ...levels.top.map(({ rows }) => rows));
  const bars = levels.top.map(({ level, rows }) => ({
    label: level,
    share: rows / most,
    figure: formatCount(rows),
  }));
  return html`${drawBars(bars, `Rows of each level of ${name}`)}
${levels.others > 0 ? html`<p class="note">${formatCount(levels.others)} more levels with ${formatCount(levels.otherRows)} rows.</p>` : ""}`;
}

function numbersOf(column: ReportColumn): Html {
  const { name, number, levels } = column;
  const show = valueWriter(column.type);
  if (levels)
    return renderTable(
      `Levels of ${name}`,
      ["Level", "Rows"],
      levels.top.map(({ level, rows }) => [level, formatCount(rows)]),
    );
  if (!number) return html``;
  const { histogram, quantiles } = number;
  const facts = renderTable(
    `Figures of ${name}`,
    ["Figure", "Value"],
    [
      ["Smallest", show(number.minimum)],
      ...["5 %", "25 %", "Median", "75 %", "95 %"].map((title, at) => [title, show(quantiles[at])]),
      ["Largest", show(number.maximum)],
      ["Mean", show(number.mean)],
      [
        "Standard deviation",
        `${showNumber(number.deviation)}${column.type.startsWith("date") ? " days" : ""}`,
      ],
      ["Zeros", formatCount(number.zeros)],
      ["Negative", formatCount(number.negative)],
    ],
  );
  const bins = renderTable(
    `Histogram of ${name}`,
    ["From", "To", "Rows"],
    histogram.counts.map((rows, bin) => [
      show(histogram.edges[bin]),
      show(histogram.edges[bin + 1]),
      formatCount(rows),
    ]),
    0,
  );
  return html`${facts}${bins}`;
}

function targetChart(
  groups: readonly TargetGroup[],
  { target }: DataReport,
  name: string,
  range: readonly number[],
) {
  if (target?.kind === "classes") {
    const shares = groups.map(({ label, shares = [] }) => ({ label, shares }));
    return html`${drawShares(shares, `Share of each class of ${target.column} by ${name}`)}`;
  }
  const [low, high] = range;
  const place = (value: number) => Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  const boxes = groups.map(({ label, quartiles = [low, low, low] }) => ({
    label,
    places: quartiles.map(place),
  }));
  return html`${drawQuartiles(boxes, [showNumber(low), showNumber(high)], `Quartiles of ${target?.column} by ${name}`)}`;
}

function targetTable(groups: readonly TargetGroup[], { target }: DataReport, name: string): Html {
  const head = target?.kind === "classes" ? target.classes.slice(0, 12) : ["25 %", "Median", "75 %"];
  return renderTable(
    `${target?.column} by ${name}`,
    [name, "Rows", ...head],
    groups.map(({ label, rows, quartiles, shares }) => [
      label,
      formatCount(rows),
      ...(quartiles
        ? quartiles.map(showNumber)
        : (shares ?? []).slice(0, 12).map((share) => formatShare(share))),
    ]),
  );
}

/** Where the quartiles of all groups of a column lie. */
function rangeOf(groups: readonly TargetGroup[]): [number, number] {
  const all = groups.flatMap(({ quartiles }) => quartiles ?? []);
  return [Math.min(...all), Math.max(...all)];
}

/** Legend of the classes' colours; empty for an amount. */
export function classLegend({ target }: DataReport): Html {
  if (target?.kind !== "classes") return html``;
  const shown = target.classes.slice(0, 6);
  const more = target.classes.length - shown.length;
  return html`<ul class="legend">${shown.map((name, at) => html`<li><span class="swatch class-${at}"></span>${name}</li>`)}</ul>${more > 0 ? html`<p class="note">${more} more classes take the colours again, in their order.</p>` : ""}`;
}

/** A column's panel. */
export function columnPanel(column: ReportColumn, report: DataReport): Html {
  const { name, role, type, missing, distinct, estimated, information, byTarget = [], reason } = column;
  const facts = [
    type,
    `${estimated ? "about " : ""}${formatCount(distinct)} different`,
    `${formatShare(missing / report.rows)} missing`,
    ...(information ? [`strength ${information.strength.toFixed(2)}`] : []),
  ];
  const hasTarget = byTarget.length > 1 && role === "feature";
  return html`<div class="panel"><h3>${name}${role === "feature" ? "" : html` <span class="badge">${role}</span>`}</h3>
<p class="note">${facts.join(" · ")}${reason ? html`<br>Left out: ${reason}` : ""}</p>
${distribution(column)}
${hasTarget ? html`<h4>${report.target?.column} by ${name}</h4>${targetChart(byTarget, report, name, rangeOf(byTarget))}` : ""}
<details><summary>The numbers</summary>${numbersOf(column)}${hasTarget ? targetTable(byTarget, report, name) : ""}</details></div>
`;
}
