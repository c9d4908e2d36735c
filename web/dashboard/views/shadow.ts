// <dash-shadow>: differences between the prices of challenger and champion on the same live requests.
import { html, nothing, type TemplateResult } from "lit";
import type { ShadowSummary } from "#core/api/answers.ts";
import { addressOf } from "../address.ts";
import { askJson } from "../api.ts";
import type { Draw } from "../chart.ts";
import { amount, change, finePercent, moment, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

type Worst = ShadowSummary["worst"][number];

export class DashShadow extends Section<ShadowSummary | "none"> {
  protected override async load(signal: AbortSignal): Promise<ShadowSummary | "none"> {
    const root = `/v1/${encodeURIComponent(this.datasetName)}`;
    const { items } = await askJson<{ items: { alias: string }[] }>(`${root}/aliases?limit=200`, { signal });
    if (!items.some(({ alias }) => alias === "challenger")) return "none";
    return askJson(`${root}/shadow`, { signal });
  }

  #draw({
    p05,
    p25,
    p50,
    p75,
    p95,
  }: NonNullable<NonNullable<ShadowSummary["differences"]>["relative"]>["quantiles"]): Draw {
    const percent = (value: number) => value * 100;
    return (plot) => ({
      ...{ height: 96, marginLeft: 24, marginRight: 24, marginTop: 16 },
      x: {
        label: "Challenger minus champion, %",
        labelAnchor: "center",
        inset: 16,
        grid: true,
        zero: true,
      },
      y: { axis: null },
      marks: [
        plot.ruleX([0], { stroke: "var(--ink)", strokeWidth: 1.5, strokeDasharray: "4 3" }),
        plot.link([0], {
          x1: () => percent(p05),
          x2: () => percent(p95),
          y1: 0,
          y2: 0,
          stroke: "var(--muted)",
          strokeWidth: 2,
        }),
        plot.link([0], {
          x1: () => percent(p25),
          x2: () => percent(p75),
          y1: 0,
          y2: 0,
          stroke: "var(--accent)",
          strokeWidth: 10,
        }),
        plot.dot([p50], {
          x: percent,
          y: 0,
          r: 6,
          fill: "var(--card)",
          stroke: "var(--accent)",
          strokeWidth: 3,
        }),
      ],
    });
  }

  #columns: readonly Column<Worst>[] = [
    {
      title: "Request",
      value: ({ request }) => request,
      view: ({ request }) =>
        html`<a href=${addressOf(this.datasetName, "requests", request)}><code>${request}</code></a>`,
    },
    {
      title: "Champion",
      numeric: true,
      value: ({ champion }) => champion,
      view: ({ champion }) => amount(champion, this.unit),
    },
    {
      title: "Challenger",
      numeric: true,
      value: ({ challenger }) => challenger,
      view: ({ challenger }) => amount(challenger, this.unit),
    },
    {
      title: "Difference",
      numeric: true,
      value: ({ difference }) => difference,
      view: ({ difference }) => change(difference, this.unit),
    },
    {
      title: "Relative",
      numeric: true,
      value: ({ relative }) => relative,
      view: ({ relative }) => (relative === null ? "—" : finePercent(relative)),
    },
  ];

  protected override show(summary: ShadowSummary | "none"): TemplateResult {
    if (summary === "none")
      return html`<p class="quiet-words">There is no shadow challenger. Point the challenger alias at a model in the ledger.</p>`;
    const { count, differences, faults, worst, from, to, challenger, champion } = summary;
    const failed = Object.entries(faults).map(([kind, many]) => `${kind}: ${many}`);
    if (!differences)
      return html`<p class="quiet-words">No request has been priced by both models yet.${failed.length > 0 ? ` The challenger failed (${failed.join(", ")}).` : ""}</p>`;
    const { difference, relative } = differences;
    return html`<p class="verdict-line"><code>${challenger}</code> differs from <code>${champion}</code> by
        <strong>${change(difference.mean, this.unit)}</strong> on average, ${amount(difference.meanAbsolute, this.unit)} in absolute terms.</p>
      ${
        relative
          ? html`<dash-chart .draw=${this.#draw(relative.quantiles)}
            .label=${`50% of the differences are between ${finePercent(relative.quantiles.p25)} and ${finePercent(relative.quantiles.p75)}, 90% between ${finePercent(relative.quantiles.p05)} and ${finePercent(relative.quantiles.p95)}.`}></dash-chart>
            <p class="aside">Thick: the middle 50% (${finePercent(relative.quantiles.p25)} to ${finePercent(relative.quantiles.p75)}). Thin: the middle 90% (${finePercent(relative.quantiles.p05)} to ${finePercent(relative.quantiles.p95)}).</p>`
          : nothing
      }
      <p class="aside">${plural(count, "request")}${from && to ? `, ${moment(from)} to ${moment(to)}` : ""}.${failed.length > 0 ? ` Failed: ${failed.join(", ")}.` : ""}</p>
      ${
        worst.length === 0
          ? nothing
          : html`<h3>Largest differences</h3>
        <dash-table caption="Requests with the largest differences" .columns=${this.#columns} .rows=${worst}></dash-table>`
      }`;
  }
}
