// Base of the dashboard's views: a placeholder while data loads, then the data, or the fault and a way to retry.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { faultWords, isRefusal } from "./fault-words.ts";
import { session } from "./session.ts";

const bones = html`<div class="bones" role="status"><span class="unseen">Loading</span><i></i><i></i><i></i></div>`;

/** Shown in place of data that could not be loaded. */
export function faultView(error: unknown, retry?: () => void): TemplateResult {
  const isSignIn = isRefusal(error) && !session.current;
  const askSignIn = (event: Event) =>
    event.target?.dispatchEvent(new CustomEvent("dash:sign-in", { bubbles: true }));
  return html`<div class="notice" role="alert">
    <p>${faultWords(error)}</p>
    ${isSignIn ? html`<button type="button" class="quiet" @click=${askSignIn}>Sign in</button>` : nothing}
    ${retry && !isRefusal(error) ? html`<button type="button" class="quiet" @click=${retry}>Try again</button>` : nothing}
  </div>`;
}

export abstract class Section<T> extends LitElement {
  static override readonly properties = {
    datasetName: {},
    unit: {},
    at: {},
    data: { state: true },
    fault: { state: true },
  };
  // `dataset` itself is HTMLElement's map of data-* attributes.
  declare datasetName: string;
  /** Unit of the dataset's target. */
  declare unit: string;
  declare at: string | undefined;
  declare protected data: T | undefined;
  declare protected fault: unknown;
  #loading = new AbortController();

  protected abstract load(signal: AbortSignal): Promise<T>;
  protected abstract show(data: T): TemplateResult;

  // One page, one style sheet, one tree for assistive technology: no shadow.
  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    session.addEventListener("change", this.reload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    session.removeEventListener("change", this.reload);
    this.#loading.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("datasetName") || changed.has("at")) void this.reload();
  }

  /** Starts over with the placeholder; results of an earlier load are dropped. */
  readonly reload = async (): Promise<void> => {
    this.#loading.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.data = undefined;
    await this.#take(loading);
  };

  /** Loads again and keeps the present data until the new arrives. */
  protected async refresh(): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    await this.#take(this.#loading);
  }

  async #take(loading: AbortController): Promise<void> {
    this.fault = undefined;
    try {
      const data = await this.load(loading.signal);
      if (!loading.signal.aborted) this.data = data;
    } catch (error) {
      if (!loading.signal.aborted) this.fault = error;
    }
  }

  protected override render(): TemplateResult {
    if (this.fault !== undefined) return faultView(this.fault, () => void this.reload());
    return this.data === undefined ? bones : this.show(this.data);
  }
}
