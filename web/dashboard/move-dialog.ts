// <dash-move>: asks for model and reason and moves the alias, unless it has changed since it was shown.

import { html, LitElement, nothing } from "lit";
import type { Metrics } from "#core/bundle/manifest.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { Alias, ModelRecord } from "./answers.ts";
import { askJson } from "./api.ts";
import { faultWords } from "./fault-words.ts";

export interface MoveOrder {
  readonly kind: "move" | "rollback";
  readonly dataset: string;
  readonly alias: string;
  /** ETag of the alias as it was shown; undefined if it does not exist yet. */
  readonly etag: string | undefined;
  /** The model it points to now. */
  readonly from: string | undefined;
  /** For a rollback: the revision to restore, and its model. */
  readonly to?: number;
  readonly model?: string;
  readonly models: readonly ModelRecord[];
}

const longestReason = 1000;

export class DashMove extends LitElement {
  static override readonly properties = {
    order: { attribute: false },
    fault: { state: true },
    busy: { state: true },
  };
  declare order: MoveOrder;
  declare private fault: string | undefined;
  declare private busy: boolean;

  protected override createRenderRoot() {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  #close(told = ""): void {
    this.dispatchEvent(new CustomEvent("dash:done", { detail: told }));
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const reason = String(form.get("reason")).trim();
    if (reason === "") {
      this.fault = "Enter a reason. It is kept in the ledger.";
      return;
    }
    this.busy = true;
    this.fault = undefined;
    try {
      const moved = await this.#send(reason, String(form.get("model") ?? ""));
      this.#close(`${moved.alias} now points to ${moved.model}. All isolates follow within ten seconds.`);
    } catch (error) {
      this.fault = faultWords(error);
    }
    this.busy = false;
  }

  #send(reason: string, model: string): Promise<Alias> {
    const { kind, dataset, alias, etag, to } = this.order;
    const path = `/v1/${encodeURIComponent(dataset)}/aliases/${encodeURIComponent(alias)}`;
    const headers: Record<string, string> =
      etag === undefined ? { "if-none-match": "*" } : { "if-match": etag };
    if (kind === "move") return askJson(path, { method: "PUT", headers, body: { model, reason } });
    return askJson(`${path}/rollback`, { headers, body: { reason, ...(to === undefined ? {} : { to }) } });
  }

  #choice() {
    const figureOf = (metrics: Metrics) => {
      const [main] = taskOfMetrics(metrics).figures;
      return `${main.title} ${main.show(metrics)}`;
    };
    const { models, from } = this.order;
    const others = models.filter(({ id }) => id !== from);
    return html`<label class="field"><span>Model</span>
      <select name="model" required>
        ${others.map(
          ({ id, title, family, metrics }) =>
            html`<option value=${id}>${id} — ${title || family}, ${figureOf(metrics.heldOut)}</option>`,
        )}
      </select></label>`;
  }

  // Escape closes like the button, so the opener gets its event.
  readonly #cancel = (event: Event): void => {
    event.preventDefault();
    this.#close();
  };

  protected override render() {
    const { kind, alias, from, to, model } = this.order;
    const title = kind === "move" ? `Promote to ${alias}` : `Roll ${alias} back`;
    const what =
      kind === "move"
        ? nothing
        : html`<p>${to === undefined ? "Back to the model that was live before." : html`Back to revision ${to}, <code>${model}</code>.`}</p>`;
    return html`<dialog aria-labelledby="move-title" @cancel=${this.#cancel}>
      <form @submit=${this.#submit}>
        <h2 id="move-title">${title}</h2>
        <p class="aside">${from ? html`It now points to <code>${from}</code>.` : "It does not exist yet."} The change affects all users.</p>
        ${kind === "move" ? this.#choice() : what}
        <label class="field"><span>Reason (kept in the ledger)</span>
          <textarea name="reason" rows="3" maxlength=${longestReason} required autofocus></textarea></label>
        <p class="fault" role="alert">${this.fault ?? nothing}</p>
        <div class="actions">
          <button type="submit" class="main" ?disabled=${this.busy}>${kind === "move" ? "Promote" : "Roll back"}</button>
          <button type="button" class="quiet" @click=${() => this.#close()}>Cancel</button>
        </div>
      </form>
    </dialog>`;
  }
}
