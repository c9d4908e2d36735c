// A figure of the card: an Observable Plot drawn into SVG without a browser, with title, caption and, where small, its data.
import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import { Html, html } from "./html.ts";

/** Width in pixels at which charts are drawn: a phone's, so that nothing has to be scaled down to fit one. */
export const chartWidth = 372;

export interface Figure {
  readonly title: string;
  /** What is to be seen and how to read it. */
  readonly caption: Html | string;
  /** The chart in words, for those who cannot see it. */
  readonly alt: string;
  readonly plot: Plot.PlotOptions;
  /** The drawn numbers. */
  readonly table?: Html;
}

const { document } = new Window();

/**
 * SVG text with coordinates rounded to a tenth of a pixel: a third of the bytes, and nothing to be seen. The chart is one image to those
 * who hear it, so that its groups have no names.
 */
function compact(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<g aria-label="[^"]*"/g, "<g")
    .replace(
      /(transform|d|x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"/g,
      (_, name: string, value: string) => {
        const rounded = value.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) =>
          String(Number(Number(number).toFixed(1))),
        );
        return `${name}="${rounded}"`;
      },
    );
}

/** The chart as SVG: styled by the card's style sheet, read out as `alt`. */
export function drawPlot(options: Plot.PlotOptions, alt: string): Html {
  const svg = Plot.plot({
    width: chartWidth,
    marginTop: 24,
    marginBottom: 40,
    ...options,
    // The trainer has no DOM types; Plot asks for no more of a document than happy-dom's has.
    document: document as unknown as Plot.PlotOptions["document"],
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", alt);
  return new Html(compact(svg.outerHTML));
}

/** One figure. */
export function renderFigure({ title, caption, alt, plot, table }: Figure): Html {
  const data = table ? html`<details><summary>The numbers</summary>${table}</details>` : "";
  return html`<figure><h3>${title}</h3>${drawPlot(plot, alt)}<figcaption>${caption}</figcaption>${data}</figure>
`;
}

/** Left margin that holds labels of this length. */
export function labelMargin(labels: readonly string[]): number {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  return Math.min(170, 14 + Math.ceil(longest * 6.6));
}

/** A label cut to what a chart has room for. */
export function shortLabel(label: string): string {
  return label.length > 24 ? `${label.slice(0, 23)}…` : label;
}

/** Places for the ticks of a logarithmic axis: 1, 2, 5 of each decade, or the decades alone where there are many. */
export function logTicks(low: number, high: number): number[] {
  const steps = high / low > 1000 ? [1] : [1, 2, 5];
  const decades = Array.from(
    { length: Math.max(0, Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1) },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  );
  return decades
    .flatMap((decade) => steps.map((step) => step * decade))
    .filter((tick) => tick >= low && tick <= high);
}
