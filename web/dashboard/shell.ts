// <dash-shell>: the frame of the dashboard: which dataset, which view, and who is signed in.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Address, addressOf, readAddress, type ViewName, views } from "./address.ts";
import type { DatasetSummary } from "./answers.ts";
import { askJson } from "./api.ts";
import { faultView } from "./section.ts";
import { session } from "./session.ts";

interface Known extends DatasetSummary {
  readonly unit: string;
}

export class DashShell extends LitElement {
  static override readonly properties = {
    address: { state: true },
    datasets: { state: true },
    fault: { state: true },
    isSigningIn: { state: true },
  };
  declare private address: Address;
  declare private datasets: readonly Known[] | undefined;
  declare private fault: unknown;
  declare private isSigningIn: boolean;
  #opener: HTMLElement | null = null;

  constructor() {
    super();
    this.address = readAddress(location.hash);
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#goTo);
    session.addEventListener("change", this.#load);
    this.addEventListener("dash:sign-in", this.#askSignIn);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#goTo);
    session.removeEventListener("change", this.#load);
  }

  readonly #goTo = (): void => {
    const before = this.address;
    this.address = readAddress(location.hash);
    if (before.view !== this.address.view)
      void this.updateComplete.then(() => this.querySelector("h1")?.focus());
  };

  readonly #askSignIn = (): void => {
    this.#opener = document.activeElement as HTMLElement | null;
    this.isSigningIn = true;
  };

  readonly #endSignIn = (): void => {
    this.isSigningIn = false;
    void this.updateComplete.then(() => {
      const place = this.#opener?.isConnected ? this.#opener : this.querySelector<HTMLElement>("h1");
      place?.focus();
    });
  };

  readonly #load = async (): Promise<void> => {
    this.requestUpdate();
    try {
      const { items } = await askJson<{ items: DatasetSummary[] }>("/v1/datasets");
      this.datasets = await Promise.all(
        items.map(async (one) => {
          const { spec } = await askJson<{ spec: DatasetSpec }>(`/v1/${encodeURIComponent(one.name)}`);
          return { ...one, unit: spec.target.unit ?? "" };
        }),
      );
      this.fault = undefined;
    } catch (error) {
      this.fault = error;
    }
  };

  #who(): TemplateResult {
    const { current, message } = session;
    return html`<div class="who">
      ${message ? html`<span class="fault" role="alert">${message}</span>` : nothing}
      ${
        current
          ? html`<span>Signed in as <strong>${current.name}</strong></span><button type="button" class="quiet" @click=${() => session.signOut()}>Sign out</button>`
          : html`<span>Not signed in</span><button type="button" class="main" @click=${this.#askSignIn}>Sign in</button>`
      }
    </div>`;
  }

  #view(known: Known): TemplateResult {
    const { name, unit } = known;
    const { at } = this.address;
    const shown: Readonly<Record<ViewName, () => TemplateResult>> = {
      models:
        () => html`<section><h2>Live now</h2><dash-live .datasetName=${name} .unit=${unit}></dash-live></section>
        <section><h2>All models</h2><dash-history .datasetName=${name} .unit=${unit} .open=${known.public}></dash-history></section>`,
      ledger: () =>
        html`<section><h2>Alias history</h2><dash-ledger .datasetName=${name} .unit=${unit}></dash-ledger></section>`,
      compare:
        () => html`<section><h2>Compare two models</h2><dash-compare .datasetName=${name} .unit=${unit} .at=${at}></dash-compare></section>
        <section><h2>Shadow challenger</h2><dash-shadow .datasetName=${name} .unit=${unit}></dash-shadow></section>`,
      jobs: () =>
        html`<section><h2>Training and batch jobs</h2><dash-jobs .datasetName=${name} .unit=${unit} .at=${at}></dash-jobs></section>`,
      requests: () =>
        html`<section><h2>Requests</h2><dash-requests .datasetName=${name} .unit=${unit} .at=${at}></dash-requests></section>`,
      quality:
        () => html`<section><h2>Predicted and actual prices</h2><dash-outcomes .datasetName=${name} .unit=${unit}></dash-outcomes></section>
        <section><h2>Drift</h2><dash-drift .datasetName=${name} .unit=${unit}></dash-drift></section>`,
      health: () =>
        html`<section><h2>Service</h2><dash-health .datasetName=${name} .unit=${unit}></dash-health></section>`,
    };
    return shown[this.address.view]();
  }

  /** The page without a dataset. */
  #bare(content: TemplateResult): TemplateResult {
    return html`<div class="top"><h1 tabindex="-1">Dashboard</h1>${this.#who()}</div>${content}`;
  }

  #frame(datasets: readonly Known[]): TemplateResult {
    const wanted = this.address.dataset;
    const known = wanted === undefined ? datasets[0] : datasets.find(({ name }) => name === wanted);
    if (datasets.length === 0) {
      const words = session.current
        ? "You have no access to any dataset."
        : "No dataset is public. Sign in to see the others.";
      return this.#bare(html`<p class="quiet-words">${words}</p>`);
    }
    const shown = known ?? datasets[0];
    const { view } = this.address;
    document.title = `${views[view]}, ${shown.title} — Appraise dashboard`;
    const choose = (event: Event) => {
      location.hash = addressOf((event.target as HTMLSelectElement).value, view);
    };
    return html`<div class="top">
        <h1 tabindex="-1">${shown.title}</h1>
        ${
          datasets.length > 1
            ? html`<label>Dataset <select @change=${choose}>${datasets.map(({ name, title }) => html`<option value=${name} ?selected=${name === shown.name}>${title}</option>`)}</select></label>`
            : nothing
        }
        ${this.#who()}
      </div>
      <nav class="tabs" aria-label="Views">${(Object.keys(views) as ViewName[]).map(
        (name) =>
          html`<a href=${addressOf(shown.name, name)} aria-current=${name === view ? "page" : nothing}>${views[name]}</a>`,
      )}</nav>
      ${known ? this.#view(known) : html`<div class="notice" role="alert"><p>There is no dataset called “${wanted}”, or you have no access to it.</p></div>`}`;
  }

  protected override render(): TemplateResult {
    const frame =
      this.fault !== undefined
        ? this.#bare(faultView(this.fault, () => void this.#load()))
        : this.datasets === undefined
          ? html`<h1 class="unseen">Dashboard</h1><div class="bones" role="status"><span class="unseen">Loading</span><i></i><i></i><i></i></div>`
          : this.#frame(this.datasets);
    return html`${frame}${this.isSigningIn ? html`<dash-sign-in @dash:close=${this.#endSignIn}></dash-sign-in>` : nothing}`;
  }
}
