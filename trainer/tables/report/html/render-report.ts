// The data report as one HTML file: a pure function of what was measured; no script, no network.
import type { DataReport, ReportColumn } from "#core/api/data-report.ts";
import { Html, html } from "../../../card/html.ts";
import { formatCount, formatShare } from "../../../card/number-format.ts";
import { renderSection, type Section } from "../../../card/section.ts";
import { style } from "../../../card/style.ts";
import { classLegend, columnPanel, mostPanels } from "./column-panels.ts";
import {
  associationSection,
  cleaningSection,
  informationSection,
  mapSection,
  missingSection,
  readingSection,
  suspectSection,
  warningSection,
} from "./sections.ts";

const ownStyle = `
.panel svg { display: block; width: 100%; height: auto; max-width: 460px; fill: var(--first); font: 12px system-ui, sans-serif; }
.panel svg text { fill: var(--soft); } .panel svg .axis { stroke: var(--line); fill: none; }
.panel svg .band { fill: var(--first); opacity: 0.45; } .panel svg .second { fill: var(--second); }
.panel h4 { font-size: 0.875rem; margin: 14px 0 6px; } .note { color: var(--soft); font-size: 0.85rem; margin: 4px 0 8px; }
.panel table { min-width: 0; width: 100%; }
.badge { font-size: 0.75rem; font-weight: 500; border: 1px solid currentColor; border-radius: 99px; padding: 0 8px; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 8px 0; padding: 0; font-size: 0.85rem; color: var(--soft); }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.class-0 { fill: #2f6fd0; background: #2f6fd0; } .class-1 { fill: #d5722d; background: #d5722d; } .class-2 { fill: #3a9a62; background: #3a9a62; }
.class-3 { fill: #9a5fc0; background: #9a5fc0; } .class-4 { fill: #b8901d; background: #b8901d; } .class-5 { fill: #7a8794; background: #7a8794; }
.rank-0 { fill: #3b6fd4; background: #3b6fd4; } .rank-1 { fill: #7d86c9; background: #7d86c9; } .rank-2 { fill: #a58a9c; background: #a58a9c; }
.rank-3 { fill: #cf7d5a; background: #cf7d5a; } .rank-4 { fill: #d9541e; background: #d9541e; }
`;

function tiles({ rows, columns, sampled, missingness, duplicates, warnings }: DataReport): Html {
  const cells = rows * columns.length;
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  const entries = [
    [formatCount(rows), "rows"],
    [formatCount(columns.length), "columns"],
    [formatCount(columns.filter(({ role }) => role === "left out").length), "columns left out"],
    [formatShare(missing / cells), "of the cells missing"],
    [formatShare(missingness.complete / rows), "of the rows complete"],
    [formatCount(duplicates.rows), "repeated rows"],
    [formatCount(warnings.length), "warnings"],
    ...(sampled < rows ? [[formatCount(sampled), "rows sampled for relations"]] : []),
  ];
  return html`<ul class="tiles">${entries.map(([value, label]) => html`<li><b>${value}</b><span>${label}</span></li>`)}</ul>`;
}

/** The target first, then what tells most of it. */
function inOrder(columns: readonly ReportColumn[]): ReportColumn[] {
  const rank = ({ role, information }: ReportColumn) =>
    role === "target" ? 2 : role === "left out" ? -1 : (information?.strength ?? 0);
  return [...columns].sort((a, b) => rank(b) - rank(a));
}

function columnSection(report: DataReport): Section {
  const shown = inOrder(report.columns).filter(({ number, levels }) => number || levels);
  const more = shown.length - mostPanels;
  const target = report.target?.column;
  const bars =
    report.target?.kind === "amount"
      ? `The lower chart shows the middle half of ${target} and, as a stroke, its median. `
      : "";
  return {
    id: "columns",
    title: "Columns",
    lead: `${target ? `${target} first, then the columns that tell most of it. ${bars}` : ""}${more > 0 ? `Charts of the first ${mostPanels}; the other ${formatCount(more)} are in the table above.` : ""}`,
    after: html`${classLegend(report)}<div class="figures">${shown.slice(0, mostPanels).map((column) => columnPanel(column, report))}</div>`,
  };
}

/** The whole document. Every text of the table is escaped, and the page forbids itself scripts and the network. */
export function renderReport(report: DataReport): string {
  const name = report.source.split(/[\\/]/).at(-1) || report.source;
  const sections = [
    warningSection(report),
    readingSection(report),
    informationSection(report),
    columnSection(report),
    missingSection(report),
    associationSection(report),
    suspectSection(report),
    mapSection(report),
    cleaningSection(report),
  ].filter((section) => section !== undefined);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${name} · data report</title>
<style>${new Html(style + ownStyle)}</style>
</head>
<body>
<header>
<h1>${name}</h1>
<p class="soft">Data report${report.target ? html`; the target is <b>${report.target.column}</b>` : ""}.</p>
${tiles(report)}
<nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
<main>
${sections.map(renderSection)}
</main>
</body>
</html>
`;
  return page.text;
}
