// <appraise-widget>: a form made from a dataset's spec with the price of what is entered, in one element without a framework.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Row } from "#core/dataset/row.ts";
import type { Feature } from "#core/dataset/spec.ts";
import { apiEngine, findComparables } from "../engines/api.ts";
import { type Client, createClient } from "../engines/client.ts";
import type { Engine, EngineName, Price, RuntimeName } from "../engines/engine.ts";
import { Failure, toFailure } from "../engines/failure.ts";
import { formatAmount, knownLocale } from "./amount.ts";
import { BrowserEngines } from "./browser-engines.ts";
import { type Catalogue, fetchCatalogue } from "./catalogue.ts";
import { Comparables } from "./comparables.ts";
import { emit } from "./events.ts";
import { changeRow, startingRow, type Value } from "./form-values.ts";
import { Pricing } from "./pricing.ts";
import { english } from "./strings.ts";
import { styles } from "./styles.ts";
import { comparablesView } from "./view/comparables.ts";
import { fieldView } from "./view/field.ts";
import type { FieldContext } from "./view/field-context.ts";
import { formBones } from "./view/form-bones.ts";
import { failureWords, noticeView } from "./view/notice.ts";
import { priceView } from "./view/price.ts";

const comparablesShown = 3;
/** A screen reader hears a price only after it has stood for this long, not each one that a dragged slider passes. */
const announceAfterMs = 700;
/** The origin this file came from: a shop that embeds the widget need not name the service twice. */
const ownOrigin = new URL(import.meta.url).origin;

export class AppraiseWidget extends LitElement {
  static override readonly styles = styles;
  static override readonly properties = {
    // `dataset` itself is HTMLElement's map of data-* attributes, so the property has another name.
    datasetName: { attribute: "dataset", reflect: true },
    url: { reflect: true },
    engine: { reflect: true },
    runtime: { reflect: true },
    theme: { reflect: true },
    locale: { reflect: true },
  };

  declare datasetName: string;
  declare url: string;
  declare engine: EngineName;
  declare runtime: RuntimeName;
  declare theme: "auto" | "light" | "dark";
  declare locale: string;

  #strings = english;
  #client: Client = createClient(ownOrigin);
  #catalogue: Catalogue | undefined;
  #catalogueFailure: Failure | undefined;
  #loading: AbortController | undefined;
  #row: Row = {};
  #drafts: Record<string, { text: string; isNumber: boolean } | undefined> = {};
  #helpOpen = new Set<string>();
  #announcement = "";
  #announcing: ReturnType<typeof setTimeout> | undefined;

  #browserEngines = new BrowserEngines(() => this.requestUpdate());
  #comparables = new Comparables(this, (row, signal) =>
    findComparables(this.#client, this.datasetName, row, comparablesShown, signal),
  );
  #pricing = new Pricing(this, {
    engine: () => this.#currentEngine(),
    priced: (price, row, engine) => this.#priced(price, row, engine),
    failed: (failure) => this.#failed(failure),
  });

  constructor() {
    super();
    this.engine = "api";
    this.runtime = "onnxruntime";
    this.theme = "auto";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loading?.abort();
    clearTimeout(this.#announcing);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: what was under way has been dropped, so begin again.
    if (this.hasUpdated) void this.#load();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated || changed.has("datasetName") || changed.has("url")) void this.#load();
    else if ((changed.has("engine") || changed.has("runtime")) && this.#catalogue) this.#ask({ now: true });
  }

  /** What is entered so far; unknown features are absent. */
  getRow(): Row {
    return this.#row;
  }

  /** Replaces what is entered and asks for its price. */
  setRow(row: Row): void {
    this.#row = { ...row };
    this.#drafts = {};
    if (this.#catalogue?.modelId) this.#ask({ now: true });
    this.requestUpdate();
  }

  /** The price of `row` by the engine that is switched on; the form stays as it is. Rejects with a Failure. */
  async price(row: Row = this.#row): Promise<Price> {
    if (!this.#catalogue) throw new Failure("service", "the spec has not come yet: wait for appraise:ready");
    try {
      return await (await this.#currentEngine()).price(row, new AbortController().signal);
    } catch (error) {
      throw toFailure(error);
    }
  }

  get #locale(): string | undefined {
    return knownLocale(this.locale || this.closest("[lang]")?.getAttribute("lang"));
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#pricing.cancel();
    this.#catalogue = undefined;
    this.#catalogueFailure = undefined;
    this.#browserEngines.forget();
    try {
      this.#client = createClient(this.url ? new URL(this.url, document.baseURI).href : ownOrigin);
      if (!this.datasetName) throw new Failure("missing", this.#strings.noDataset);
      const catalogue = await fetchCatalogue(this.#client, this.datasetName, loading.signal);
      if (loading.signal.aborted) return;
      this.#catalogue = catalogue;
      this.#row = startingRow(catalogue.spec);
      this.#drafts = {};
      emit(this, "appraise:ready", catalogue);
      if (catalogue.modelId) this.#ask({ now: true });
    } catch (error) {
      if (loading.signal.aborted) return;
      this.#catalogueFailure = toFailure(error);
      this.#failed(this.#catalogueFailure);
    }
    this.requestUpdate();
  }

  async #currentEngine(): Promise<Engine> {
    const { spec, modelId } = this.#catalogue!;
    if (this.engine !== "browser") return apiEngine(this.#client, this.datasetName);
    if (!modelId) throw new Failure("service", this.#strings.noModel);
    return this.#browserEngines.load({ client: this.#client, spec, modelId, runtime: this.runtime });
  }

  #ask(options?: { now: boolean }): void {
    const typing = Object.values(this.#drafts).some((draft) => draft && !draft.isNumber);
    this.#comparables.cancel();
    if (typing) this.#pricing.cancel();
    else this.#pricing.ask(this.#row, options);
  }

  #priced(price: Price, row: Row, engine: Engine): void {
    if (this.#catalogue && engine.name === "api") {
      // Whatever prices now is what the page runs too, should the visitor switch.
      this.#catalogue = { ...this.#catalogue, modelId: price.modelId };
      if (this.#catalogue.spec.similar) void this.#comparables.ask(row);
    }
    const title = this.#catalogue?.spec.target.title ?? this.#strings.price;
    this.#announce(this.#strings.announced(title, formatAmount(price.prediction, price.unit, this.#locale)));
    emit(this, "appraise:price", { ...price, row, engine: engine.name });
  }

  #failed(failure: Failure): void {
    const { kind, message, errors, status } = failure;
    this.#announce(failureWords(failure, this.#strings, this.datasetName));
    emit(this, "appraise:error", { kind, message, errors, status });
  }

  #announce(words: string): void {
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      this.#announcement = words;
      this.requestUpdate();
    }, announceAfterMs);
  }

  #change(name: string, value: Value): void {
    this.#row = changeRow(this.#row, name, value);
    this.#drafts[name] = undefined;
    this.#ask();
    this.requestUpdate();
  }

  #edit(name: string, text: string | undefined, isNumber: boolean): void {
    if (text === undefined) {
      // Leaving the field: what is no number stays, with its fault beside it.
      if (isNumber) this.#drafts[name] = undefined;
    } else {
      this.#drafts[name] = { text, isNumber };
      if (isNumber) this.#row = changeRow(this.#row, name, text === "" ? undefined : Number(text));
      this.#ask();
    }
    this.requestUpdate();
  }

  #fieldContext(feature: Feature): FieldContext {
    const { name } = feature;
    // Names of features hold no character that a JSON pointer escapes.
    const pointer = `/${name}`;
    const about = (faults: readonly { pointer: string; detail: string }[] | undefined) =>
      faults?.find((fault) => fault.pointer === pointer)?.detail;
    const draft = this.#drafts[name];
    const { failure, price } = this.#pricing;
    return {
      strings: this.#strings,
      locale: this.#locale,
      value: this.#row[name],
      draft: draft?.text,
      fault: draft && !draft.isNumber ? this.#strings.notANumber : about(failure?.errors),
      warning: failure ? undefined : about(price?.warnings),
      helpOpen: this.#helpOpen.has(name),
      change: (value) => this.#change(name, value),
      edit: (text, isNumber) => this.#edit(name, text, isNumber),
      toggleHelp: () => {
        if (!this.#helpOpen.delete(name)) this.#helpOpen.add(name);
        this.requestUpdate();
      },
    };
  }

  #form({ spec }: Catalogue) {
    const fields = (required: boolean) =>
      spec.features
        .filter((feature) => feature.required === required)
        .map((feature) => fieldView(feature, this.#fieldContext(feature)));
    const optional = fields(false);
    const more = html`<details class="more">
      <summary>${this.#strings.moreDetail}</summary>
      <p class="hint">${this.#strings.moreDetailHint}</p>
      ${optional}
    </details>`;
    return html`<div class="form" part="form">
      ${fields(true)} ${optional.length > 0 ? more : nothing}
      <p class="legend"><span class="mark">*</span> ${this.#strings.required}</p>
    </div>`;
  }

  #notice() {
    const { failure } = this.#pricing;
    if (!failure) return nothing;
    const words = failureWords(failure, this.#strings, this.datasetName);
    const again = failure.kind === "row" ? undefined : () => this.#ask({ now: true });
    return noticeView(words, this.#strings, again);
  }

  #answer({ spec, modelId }: Catalogue) {
    if (!modelId) return noticeView(this.#strings.noModel, this.#strings, () => void this.#load());
    const { price, pricedBy, waiting, slow, failure } = this.#pricing;
    const context = { strings: this.#strings, locale: this.#locale };
    const answer = priceView({
      ...context,
      ...{ price, pricedBy, waiting, slow, failed: failure !== undefined, engine: this.engine },
      title: this.#strings.estimated(spec.target.title ?? this.#strings.price),
      loadingModel: this.#browserEngines.loading,
      notice: this.#notice(),
      switchEngine: (engine) => {
        this.engine = engine;
      },
    });
    const comparables = comparablesView({
      ...context,
      ...{ spec, places: comparablesShown, resting: this.engine === "browser" },
      items: this.#comparables.items,
      failed: this.#comparables.failed,
    });
    return html`${answer}${comparables}`;
  }

  protected override render() {
    const retry = () => void this.#load();
    const whole = this.#catalogue
      ? html`${this.#form(this.#catalogue)}
          <div class="side">${this.#answer(this.#catalogue)}</div>`
      : this.#catalogueFailure
        ? noticeView(
            failureWords(this.#catalogueFailure, this.#strings, this.datasetName),
            this.#strings,
            retry,
          )
        : formBones();
    return html`<div class="tag" part="tag">${whole}</div>
      <div class="unseen" role="status" aria-live="polite">${this.#announcement}</div>`;
  }
}
