// The answer: the price, the range it may lie in, and how it came about.
import { html, nothing } from "lit";
import type { EngineName, Price } from "../../engines/engine.ts";
import { formatAmount, formatShare } from "../amount.ts";
import type { Strings } from "../languages/english.ts";

export interface PriceContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly title: string;
  readonly price: Price | undefined;
  readonly pricedBy: EngineName | undefined;
  /** What is switched on. */
  readonly engine: EngineName;
  readonly waiting: boolean;
  readonly slow: boolean;
  readonly failed: boolean;
  readonly loadingModel: boolean;
  readonly disabled: boolean;
  /** What went wrong, in words, shown where the range would stand. */
  readonly notice: unknown;
  switchEngine(engine: EngineName): void;
}

/** A longer amount is set smaller: on the narrowest page it would be cut off. */
const longAmount = 10;

function rangeBar(price: Price, { strings, locale }: PriceContext) {
  if (!price.interval) return html`<div class="range"></div>`;
  const { low, high, coverage } = price.interval;
  const at = high > low ? ((price.prediction - low) / (high - low)) * 100 : 50;
  const [from, to] = [low, high].map((bound) => formatAmount(bound, price.unit, locale));
  return html`<div class="range" part="range">
    <div class="bar" aria-hidden="true"><i .style=${`inset-inline-start:${at}%`}></i></div>
    <div class="bounds">
      <span><span class="unseen">${strings.from} </span>${from}</span>
      <span><span class="unseen">${strings.to} </span>${to}</span>
    </div>
    <p>${strings.interval(formatShare(coverage, locale))}</p>
  </div>`;
}

function statusLine(context: PriceContext): string {
  const { strings, locale, price, pricedBy, engine, waiting, slow, loadingModel } = context;
  if (loadingModel) return strings.loadingModel;
  if (slow) return strings.slow;
  // An old price under a new engine must not be told as the new one's: that it left the page, or not, is the point.
  if (!price || pricedBy !== engine) return waiting ? strings.asking : "";
  const digits = price.milliseconds < 10 ? 1 : 0;
  const ms = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(price.milliseconds);
  return engine === "browser" ? strings.viaBrowser(ms) : strings.viaService(ms);
}

export function priceView(context: PriceContext) {
  const { strings, locale, title, price, engine, waiting, failed, notice, switchEngine } = context;
  const toggle = (event: Event) =>
    switchEngine((event.target as HTMLInputElement).checked ? "browser" : "api");
  const instead =
    context.slow && !failed && engine !== "browser"
      ? html`<button type="button" class="plain" @click=${() => switchEngine("browser")}>${strings.useBrowser}</button>`
      : nothing;
  const amount = price ? formatAmount(price.prediction, price.unit, locale) : "";
  return html`<section class="answer" part="answer" aria-label=${title}>
    <h2>${title}</h2>
    <p class="amount ${waiting || failed ? "stale" : ""} ${amount.length > longAmount ? "long" : ""}" part="price" aria-busy=${waiting}>
      ${price ? amount : html`<span class="bone"></span>`}
    </p>
    ${failed ? notice : price ? rangeBar(price, context) : html`<div class="range"></div>`}
    <label class="switch">
      <input type="checkbox" role="switch" ?disabled=${context.disabled} .checked=${engine === "browser"} @change=${toggle} />
      <span class="track" aria-hidden="true"></span>
      <span>${strings.inThisBrowser}</span>
    </label>
    <p class="status">${failed ? nothing : statusLine(context)} ${instead}</p>
  </section>`;
}
