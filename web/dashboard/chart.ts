// <dash-chart>: an Observable Plot that follows the width of its container. Plot itself is loaded with the first chart.
import { html, LitElement, type PropertyValues } from "lit";
import type { PlotOptions, Plotter } from "./plot.ts";

export type Draw = (plot: Plotter, width: number) => PlotOptions;

/** Pixels. In a narrower container the chart scrolls. */
const narrowest = 260;

export class DashChart extends LitElement {
  static override readonly properties = { draw: { attribute: false }, label: {}, plotter: { state: true } };
  declare draw: Draw;
  /** The chart in words, for those who cannot see it. */
  declare label: string;
  declare private plotter: Plotter | "failed" | undefined;
  #width = 0;
  readonly #observer = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.floor(contentRect.width);
    if (width === this.#width) return;
    this.#width = width;
    this.requestUpdate();
  });

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
    import("./plot.ts").then(
      ({ plotter }) => (this.plotter = plotter),
      () => (this.plotter = "failed"),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  protected override render() {
    if (this.plotter === "failed")
      return html`<p class="quiet-words">The chart could not be loaded. Its numbers are in the table.</p>`;
    return html`<div class="plot" role="img" aria-label=${this.label}></div>`;
  }

  protected override updated(_: PropertyValues): void {
    const place = this.querySelector(".plot");
    if (!place || !this.plotter || this.plotter === "failed" || this.#width === 0) return;
    const figure = this.plotter.plot({
      ...{ marginTop: 24, marginBottom: 40, height: 280, style: { fontSize: "12px", background: "none" } },
      ...this.draw(this.plotter, Math.max(narrowest, this.#width)),
      width: Math.max(narrowest, this.#width),
    });
    // The page's CSP blocks style elements; dashboard.css has the same rules.
    for (const style of figure.querySelectorAll("style")) style.remove();
    // The chart has one label. Screen readers would read Plot's labels of each part as well.
    for (const part of figure.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
    figure.setAttribute("aria-hidden", "true");
    place.replaceChildren(figure);
  }
}
