// The report's chapters beside the columns: decisions, warnings, gaps, relations, suspect rows, the map, what cleaning would drop.
import type { DataReport } from "#core/api/data-report.ts";
import { type Html, html, renderTable } from "../../../card/html.ts";
import { formatCount, formatShare } from "../../../card/number-format.ts";
import type { Section } from "../../../card/section.ts";
import { showNumber } from "../show-value.ts";
import { drawBars, drawMap, drawMatrix } from "./charts.ts";

const panel = (title: string, content: Html): Html =>
  html`<div class="panel"><h3>${title}</h3>${content}</div>`;
const numbers = (table: Html): Html => html`<details><summary>The numbers</summary>${table}</details>`;

export function warningSection({ warnings }: DataReport): Section {
  return {
    id: "warnings",
    title: "Warnings",
    lead: warnings.length === 0 ? "Nothing was found that should be known before training." : undefined,
    after:
      warnings.length === 0
        ? undefined
        : renderTable(
            "What should be known before training",
            ["Kind", "Column", "What"],
            warnings.map(({ kind, column, detail }) => [kind, column ?? "", detail]),
            3,
          ),
  };
}

export function readingSection({ reading, remarks, columns, rows }: DataReport): Section {
  const table = renderTable(
    "Columns, what they were read as, and why some are left out",
    ["Column", "Type", "Role", "Why", "Read as missing", "Missing", "Different", "Strength"],
    columns.map((one) => [
      one.name,
      `${one.type}${one.unit ? ` in ${one.unit}` : ""}`,
      one.role,
      one.reason ?? "",
      one.marks.join(", "),
      formatShare(one.missing / rows),
      `${one.estimated ? "≈ " : ""}${formatCount(one.distinct)}`,
      one.information ? one.information.strength.toFixed(2) : "–",
    ]),
    5,
  );
  return {
    id: "reading",
    title: "How it was read",
    after: html`<dl>${reading.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${remarks.length > 0 ? html`<ul>${remarks.map((one) => html`<li>${one}</li>`)}</ul>` : ""}${table}`,
  };
}

export function informationSection({ columns, target, sampled }: DataReport): Section | undefined {
  const told = columns
    .flatMap(({ name, information, role }) =>
      information && role === "feature" ? [{ name, ...information }] : [],
    )
    .sort((a, b) => b.strength - a.strength);
  if (!target || told.length === 0) return undefined;
  const bars = told
    .slice(0, 25)
    .map(({ name, strength }) => ({ label: name, share: strength, figure: strength.toFixed(2) }));
  const table = renderTable(
    `What each column tells of ${target.column}`,
    ["Column", "Mutual information (nats)", "Strength"],
    told.map(({ name, nats, strength }) => [name, nats.toFixed(4), strength.toFixed(4)]),
  );
  return {
    id: "information",
    title: `What tells of ${target.column}`,
    lead: `Mutual information of each column by itself, on ${formatCount(sampled)} rows. Strength is 0 for none and 1 where the column settles the target; it compares columns of any type.`,
    after: html`<div class="figures">${panel("Strength", html`${drawBars(bars, `Strength of each column for ${target.column}`)}${numbers(table)}`)}</div>`,
  };
}

export function missingSection({ missingness, rows, columns }: DataReport): Section {
  const gaps = columns.filter(({ missing }) => missing > 0).sort((a, b) => b.missing - a.missing);
  if (gaps.length === 0) return { id: "missing", title: "Missing values", lead: "No value is missing." };
  const bars = gaps.slice(0, 25).map(({ name, missing }) => ({
    label: name,
    share: missing / rows,
    figure: formatShare(missing / rows),
  }));
  const gapTable = renderTable(
    "Missing cells of each column",
    ["Column", "Cells"],
    gaps.map(({ name, missing }) => [name, formatCount(missing)]),
  );
  const patterns = renderTable(
    "Columns that are missing in the same rows",
    ["Missing together", "Rows"],
    missingness.patterns.map((one) => [one.columns.join(", ") || "nothing", formatCount(one.rows)]),
  );
  const pairs = renderTable(
    "Columns whose gaps go together; −1 where one is there when the other is not",
    ["Column", "Other", "Correlation"],
    missingness.pairs.map(({ one, other, correlation }) => [one, other, correlation.toFixed(2)]),
    2,
  );
  return {
    id: "missing",
    title: "Missing values",
    lead: `${formatCount(missingness.complete)} of ${formatCount(rows)} rows are complete.`,
    after: html`<div class="figures">${panel("Share that is missing", html`${drawBars(bars, "Share of missing cells by column")}${numbers(gapTable)}`)}${panel("Missing together", html`${patterns}${missingness.pairs.length > 0 ? pairs : ""}`)}</div>`,
  };
}

export function associationSection({ associations, sampled }: DataReport): Section | undefined {
  const { columns, strengths, groups } = associations;
  if (columns.length < 2) return undefined;
  const groupTable = renderTable(
    "Columns that are strongly associated, each with each",
    ["Columns", "Weakest pair"],
    groups.map((group) => [group.columns.join(", "), group.weakest.toFixed(2)]),
  );
  const pairs = strengths
    .flatMap((row, one) =>
      row.map((strength, other) => ({ one: columns[other], other: columns[one], strength })),
    )
    .sort((a, b) => b.strength - a.strength)
    .slice(0, 40);
  const pairTable = renderTable(
    "The strongest pairs",
    ["Column", "Other", "Strength"],
    pairs.map(({ one, other, strength }) => [one, other, strength.toFixed(2)]),
    2,
  );
  return {
    id: "associations",
    title: "Columns that go together",
    lead: `Strength between columns of any type, on ${formatCount(sampled)} rows. Columns of one group say much the same: a model needs few of them.`,
    after: html`<div class="figures">${panel("Groups", groups.length > 0 ? groupTable : html`<p class="note">No group of columns is strongly associated.</p>`)}${panel("Every pair", html`${drawMatrix(columns, strengths, `Strength between ${columns.length} columns`)}${numbers(pairTable)}`)}</div>`,
  };
}

export function suspectSection(report: DataReport): Section {
  const { outliers, duplicates, shown, shownRows, rows } = report;
  const cells = new Map(shownRows.map((one) => [one.row, one.cells]));
  const whole = (row: number) => (cells.get(row) ?? shown.map(() => null)).map((cell) => cell ?? "–");
  const fences = renderTable(
    "Values beyond three times the width of the middle half",
    ["Column", "Expected", "Rows", "Furthest"],
    outliers.map(({ column, low, high, rows: count, examples }) => [
      column,
      `${showNumber(low)} to ${showNumber(high)}`,
      formatCount(count),
      examples.map(({ row, value }) => `${showNumber(value)} (row ${row})`).join(", "),
    ]),
  );
  const far = outliers.flatMap(({ column, examples }) =>
    examples
      .slice(0, 1)
      .flatMap(({ row, value }) =>
        cells.has(row) ? [[`${row}`, `${column} ${showNumber(value)}`, ...whole(row)]] : [],
      ),
  );
  const again = duplicates.examples.flatMap((one) =>
    one.rows
      .slice(0, 2)
      .flatMap((row) => (cells.has(row) ? [[`${row}`, `${one.times} times`, ...whole(row)]] : [])),
  );
  return {
    id: "suspects",
    title: "Outliers and duplicates",
    lead: `${outliers.length} columns have values far outside the others. ${formatCount(duplicates.rows)} of ${formatCount(rows)} rows repeat an earlier one in every column.`,
    after: html`${outliers.length > 0 ? fences : ""}${far.length > 0 ? renderTable("The furthest value of each column, in its row", ["Row", "Why", ...shown], far, 2) : ""}${again.length > 0 ? renderTable("Rows that are the same, most frequent first", ["Row", "How often", ...shown], again, 2) : ""}`,
  };
}

export function mapSection({ places, target }: DataReport): Section | undefined {
  if (!places) return undefined;
  const { latitude, longitude, points } = places;
  const ranked = points.some((point) => point.length > 2);
  const norths = points.map(([north]) => north);
  const easts = points.map(([, east]) => east);
  const box = [
    ["South", Math.min(...norths)],
    ["North", Math.max(...norths)],
    ["West", Math.min(...easts)],
    ["East", Math.max(...easts)],
  ] as const;
  const table = renderTable(
    "Where the points lie",
    ["Edge", "Degrees"],
    box.map(([edge, value]) => [edge, value.toFixed(5)]),
  );
  const legend = ranked
    ? html`<ul class="legend"><li><span class="swatch rank-0"></span>lowest fifth of ${target?.column}</li><li><span class="swatch rank-2"></span>middle</li><li><span class="swatch rank-4"></span>highest fifth</li></ul>`
    : "";
  return {
    id: "map",
    title: "Map",
    lead: `${formatCount(points.length)} rows by ${latitude} and ${longitude}.`,
    after: html`<div class="figures">${panel("Places", html`${drawMap(points, `Map of ${points.length} rows`)}${legend}${numbers(table)}`)}</div>`,
  };
}

export function cleaningSection({ cleaning, rows }: DataReport): Section | undefined {
  if (!cleaning) return undefined;
  return {
    id: "cleaning",
    title: "What cleaning would drop",
    lead: `${formatCount(cleaning.kept)} of ${formatCount(rows)} rows would be kept.`,
    after: renderTable(
      "Rows that each rule drops, in the order of the rules; a row counts for the first that it breaks",
      ["Rule", "Why", "Rows", "Such as row"],
      cleaning.dropped.map(({ rule, why, rows: count, examples }) => [
        rule,
        count > 0 ? why : "",
        formatCount(count),
        examples.join(", "),
      ]),
      2,
    ),
  };
}
