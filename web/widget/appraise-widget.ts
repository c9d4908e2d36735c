// <appraise-widget>: a form made from a dataset's spec with the price of what is entered, in one element without a framework.

import { LitElement, type PropertyValues } from "lit";
import { wordsIn } from "#core/dataset/words.ts";
import { apiEngine, findComparables } from "../engines/api.ts";
import { type Client, createClient } from "../engines/client.ts";
import type { Engine, EngineName, GivenRow, Price, PriceOptions, RuntimeName } from "../engines/engine.ts";
import { Failure, toFailure } from "../engines/failure.ts";
import { formatAmount, knownLocale } from "./amount.ts";
import { Announcer } from "./announcer.ts";
import { oneOf, readCount, readCoverage, readTiles, type Size, sizes, type Theme } from "./attributes.ts";
import { BrowserEngines } from "./browser-engines.ts";
import { type Catalogue, fetchCatalogue } from "./catalogue.ts";
import { Comparables } from "./comparables.ts";
import type { AppraiseElement } from "./element.ts";
import { emit } from "./events.ts";
import { FormLink } from "./form-link.ts";
import { FormState } from "./form-state.ts";
import { fallbackLanguage, type Language, loadLanguage, spokenTag } from "./languages/index.ts";
import { Pricing } from "./pricing.ts";
import { Sections } from "./sections.ts";
import { styles } from "./styles/index.ts";
import { failureWords } from "./view/notice.ts";
import { tagView } from "./view/tag.ts";
import { WhatIf } from "./what-if.ts";

const comparablesShown = 3;
/** The origin this file came from: a shop that embeds the widget need not name the service twice. */
const ownOrigin = new URL(import.meta.url).origin;

export class AppraiseWidget extends LitElement implements AppraiseElement {
  static readonly formAssociated = true;
  static override readonly styles = styles;
  static override readonly properties = {
    // `dataset` itself is HTMLElement's map of data-* attributes, so the property has another name.
    datasetName: { attribute: "dataset", reflect: true },
    url: { reflect: true },
    key: { reflect: true },
    // React and Vue keep `key` for themselves.
    apiKey: { attribute: "api-key", reflect: true },
    engine: { reflect: true },
    runtime: { reflect: true },
    theme: { reflect: true },
    size: { reflect: true },
    locale: { reflect: true },
    name: { reflect: true },
    required: { type: Boolean, reflect: true },
    coverage: { reflect: true },
    similar: { reflect: true },
    tiles: { reflect: true },
    tilesCredit: { attribute: "tiles-credit", reflect: true },
  };

  static override get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: Lit's own getter finishes the very class it is asked of.
    return [...super.observedAttributes, "lang"];
  }

  declare datasetName: string;
  declare url: string | null;
  declare key: string | null;
  declare apiKey: string | null;
  declare engine: EngineName;
  declare runtime: RuntimeName;
  declare theme: Theme;
  declare size: Size;
  declare locale: string | null;
  declare name: string | null;
  declare required: boolean;
  declare coverage: string | number | null;
  declare similar: string | number | null;
  declare tiles: string | null;
  declare tilesCredit: string | null;

  #client: Client = createClient(ownOrigin);
  #catalogue: Catalogue | undefined;
  #catalogueFailure: Failure | undefined;
  #loading: AbortController | undefined;
  #language: Language | undefined;
  #disabled = false;
  /** A row set before there was a form to put it into. */
  #awaited: GivenRow | undefined;

  #form = new FormState({
    changed: (feature) => this.#moved(feature),
    redraw: () => this.requestUpdate(),
  });
  #link = new FormLink(this);
  #announcer = new Announcer(this);
  #sections = new Sections(this, (section) => this.#opened(section));
  #whatIf = new WhatIf(this);
  #browserEngines = new BrowserEngines(() => this.requestUpdate());
  #comparables = new Comparables(this, (row, signal) =>
    findComparables(this.#client, this.datasetName, row, this.#places, signal),
  );
  #pricing = new Pricing(this, {
    engine: () => this.#currentEngine(),
    options: () => ({ ...this.#options, explain: this.#sections.isOpen("why", this.#size) || undefined }),
    priced: (price, row, engine) => this.#priced(price, row, engine),
    failed: (failure) => this.#failed(failure),
  });

  constructor() {
    super();
    this.engine = "api";
    this.runtime = "evaluator";
    this.theme = "auto";
    this.size = "normal";
    this.required = false;
    // Says in its own place what is missing: a bubble of the browser would point at the whole widget.
    this.addEventListener("invalid", (event) => {
      event.preventDefault();
      this.#announcer.say(this.#link.internals.validationMessage);
      const root = this.renderRoot as ShadowRoot;
      root.querySelector<HTMLElement>("[aria-invalid=true], .retry, input")?.focus();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: what was under way has been dropped, so begin again.
    if (this.hasUpdated) void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loading?.abort();
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (name === "lang") this.requestUpdate();
  }

  formResetCallback(): void {
    this.reset();
  }

  formDisabledCallback(disabled: boolean): void {
    this.#disabled = disabled;
    this.requestUpdate();
  }

  formStateRestoreCallback(state: unknown): void {
    if (typeof state === "string") this.setRow(JSON.parse(state) as GivenRow);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const reloading = ["datasetName", "url", "key", "apiKey"] as const;
    if (!this.hasUpdated || reloading.some((name) => changed.has(name))) void this.#load();
    else if ((["engine", "runtime", "coverage"] as const).some((name) => changed.has(name))) {
      this.#ask({ now: true });
    } else if (changed.has("similar")) this.#askComparables();
    if (this.#language && this.#language.tag !== spokenTag(this.#locale)) void this.#speak();
  }

  protected override updated(): void {
    const { price, row, failure, waiting } = this.#pricing;
    const { strings } = this.#language ?? fallbackLanguage;
    const current = !waiting && !failure && row === this.#form.row ? price : undefined;
    const faulty = failure?.kind === "row" || this.#form.isUnfinished;
    this.#link.update({
      ...{ name: this.name, required: this.required, row: this.#form.row, price: current },
      fault: faulty ? strings.fixFields : "",
      noPrice: strings.noPriceYet,
    });
  }

  /** What is entered so far; unknown features are absent. */
  getRow(): GivenRow {
    return this.#form.row;
  }

  /** Replaces what is entered and asks for its price; before the form stands, it is what the form will begin with. */
  setRow(row: GivenRow): void {
    this.#form.set(row);
    if (this.#catalogue) this.#ask({ now: true });
    else this.#awaited = this.#form.row;
    this.requestUpdate();
  }

  /** Back to what the form began with. */
  reset(): void {
    this.#awaited = undefined;
    if (!this.#catalogue) return;
    this.#form.begin(this.#catalogue);
    this.#ask({ now: true });
    this.requestUpdate();
  }

  /** The price of `row` by the engine that is switched on; the form stays as it is. Rejects with a Failure. */
  async price(row: GivenRow = this.#form.row): Promise<Price> {
    if (!this.#catalogue) throw new Failure("service", "the spec has not come yet: wait for appraise:ready");
    try {
      return await (await this.#currentEngine()).price(row, new AbortController().signal, this.#options);
    } catch (error) {
      throw toFailure(error);
    }
  }

  get form(): HTMLFormElement | null {
    return this.#link.internals.form;
  }

  get validity(): ValidityState {
    return this.#link.internals.validity;
  }

  get validationMessage(): string {
    return this.#link.internals.validationMessage;
  }

  checkValidity(): boolean {
    return this.#link.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#link.internals.reportValidity();
  }

  get #locale(): string | undefined {
    return knownLocale(this.locale || this.closest("[lang]")?.getAttribute("lang"));
  }

  get #words(): string {
    return this.#locale ?? navigator.language;
  }

  get #size(): Size {
    return oneOf(sizes, this.size, "normal");
  }

  get #options(): PriceOptions {
    return { coverage: readCoverage(this.coverage) };
  }

  get #places(): number {
    return readCount(this.similar, comparablesShown);
  }

  async #speak(): Promise<void> {
    const tag = spokenTag(this.#locale);
    const language = await loadLanguage(tag);
    // Said in English for want of the table: not asked for again with every change.
    if (tag === spokenTag(this.#locale)) this.#language = { ...language, tag };
    this.requestUpdate();
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#pricing.forget();
    this.#comparables.forget();
    this.#whatIf.forget();
    this.#catalogue = undefined;
    this.#catalogueFailure = undefined;
    this.#browserEngines.forget();
    try {
      const base = this.url ? new URL(this.url, document.baseURI).href : ownOrigin;
      this.#client = createClient(base, this.key || this.apiKey || undefined);
      if (!this.datasetName) throw new Failure("missing", "no dataset is named");
      const [catalogue] = await Promise.all([
        fetchCatalogue(this.#client, this.datasetName, loading.signal),
        this.#speak(),
      ]);
      if (loading.signal.aborted) return;
      this.#begin(catalogue);
    } catch (error) {
      await this.#speak();
      if (loading.signal.aborted) return;
      this.#catalogueFailure = toFailure(error);
      this.#failed(this.#catalogueFailure);
    }
    this.requestUpdate();
  }

  #begin(catalogue: Catalogue): void {
    this.#catalogue = catalogue;
    this.#form.know(catalogue);
    if (this.#awaited) this.#form.set(this.#awaited);
    else this.#form.begin(catalogue);
    this.#awaited = undefined;
    this.#whatIf.choose(catalogue, this.#form.row, "");
    const { spec, modelId } = catalogue;
    emit(this, "appraise:ready", { spec, modelId });
    this.#ask({ now: true });
  }

  async #currentEngine(): Promise<Engine> {
    const { spec, modelId } = this.#catalogue!;
    if (this.engine !== "browser") return apiEngine(this.#client, this.datasetName);
    if (!modelId) throw new Failure("service", "no model has been published");
    return this.#browserEngines.load({ client: this.#client, spec, modelId, runtime: this.runtime });
  }

  #moved(feature: string): void {
    if (this.#catalogue) this.#whatIf.choose(this.#catalogue, this.#form.row, feature);
    this.#ask();
    this.requestUpdate();
  }

  #ask(options?: { now: boolean }): void {
    if (!this.#catalogue?.modelId) return;
    this.#comparables.cancel();
    if (this.#form.isUnfinished) this.#pricing.cancel();
    else this.#pricing.ask(this.#form.row, options);
  }

  #opened(section: string): void {
    if (section === "why") this.#ask({ now: true });
    else if (section === "comparables") this.#askComparables();
    else void this.#askCurve();
  }

  #askComparables(): void {
    const { row } = this.#pricing;
    const wanted = this.#places > 0 && this.#sections.isOpen("comparables", this.#size);
    // Looking them up would send what is entered, which the browser's engine promises not to do.
    if (wanted && row && this.engine !== "browser" && this.#catalogue?.spec.similar) {
      void this.#comparables.ask(row);
    }
  }

  async #askCurve(): Promise<void> {
    const { row, price } = this.#pricing;
    if (!row || !price || !this.#whatIf.feature || !this.#sections.isOpen("whatIf", this.#size)) return;
    const engine = await this.#currentEngine().catch(() => undefined);
    if (engine && this.#catalogue) await this.#whatIf.ask(engine, this.#catalogue, row, this.#options);
  }

  #priced(price: Price, row: GivenRow, engine: Engine): void {
    // Whatever prices now is what the page runs too, should the visitor switch.
    if (this.#catalogue && engine.name === "api") {
      this.#catalogue = { ...this.#catalogue, modelId: price.modelId };
    }
    this.#askComparables();
    void this.#askCurve();
    const { strings } = this.#language ?? fallbackLanguage;
    const title = wordsIn(this.#catalogue?.spec.target.title, this.#words) ?? strings.price;
    this.#announcer.say(strings.announced(title, formatAmount(price.prediction, price.unit, this.#locale)));
    emit(this, "appraise:price", { ...price, row, engine: engine.name });
  }

  #failed(failure: Failure): void {
    const { kind, message, errors, status } = failure;
    const { strings } = this.#language ?? fallbackLanguage;
    this.#announcer.say(failureWords(failure, strings, this.datasetName));
    emit(this, "appraise:error", { kind, message, errors, status });
  }

  protected override render() {
    return tagView({
      language: this.#language,
      locale: this.#locale,
      words: this.#words,
      tiles: readTiles(this.tiles, this.tilesCredit),
      dataset: this.datasetName,
      size: this.#size,
      engine: this.engine === "browser" ? "browser" : "api",
      disabled: this.#disabled,
      places: this.#places,
      catalogue: this.#catalogue,
      catalogueFailure: this.#catalogueFailure,
      form: this.#form,
      pricing: this.#pricing,
      whatIf: this.#whatIf,
      comparables: this.#comparables,
      sections: this.#sections,
      loadingModel: this.#browserEngines.loading,
      announcement: this.#announcer.words,
      load: () => void this.#load(),
      ask: () => this.#ask({ now: true }),
      switchEngine: (engine) => {
        this.engine = engine;
      },
    });
  }
}
