// <dash-train>: the form that starts a training on the server's items.
import { html, LitElement, nothing } from "lit";
import type { Job, TrainRequest } from "#core/api/jobs.ts";
import { askJson } from "../api.ts";
import { faultWords } from "../fault-words.ts";

const families = ["boosting", "linear", "mean"] as const satisfies TrainRequest["families"];

export class DashTrain extends LitElement {
  static override readonly properties = {
    datasetName: {},
    fault: { state: true },
    busy: { state: true },
    promote: { state: true },
  };
  declare datasetName: string;
  declare private fault: string | undefined;
  declare private busy: boolean;
  declare private promote: string | undefined;
  /** Kept until a training is queued, so pressing twice queues one. */
  #key = crypto.randomUUID();

  protected override createRenderRoot() {
    return this;
  }

  #body(form: FormData): Partial<TrainRequest> {
    const trials = Number(form.get("trials"));
    const promote = String(form.get("promote")) as TrainRequest["promote"];
    const reason = String(form.get("reason") ?? "").trim();
    const chosen = form.getAll("family") as NonNullable<TrainRequest["families"]>;
    return {
      ...(chosen.length > 0 ? { families: chosen } : {}),
      ...(trials > 0 ? { trials } : {}),
      ...(promote === "always" ? { promote, reason } : { promote }),
    };
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const body = this.#body(new FormData(event.target as HTMLFormElement));
    this.busy = true;
    this.fault = undefined;
    try {
      const path = `/v1/${encodeURIComponent(this.datasetName)}/train`;
      const job = await askJson<Job>(path, { body, headers: { "idempotency-key": this.#key } });
      this.#key = crypto.randomUUID();
      this.dispatchEvent(new CustomEvent("dash:queued", { detail: job.id }));
    } catch (error) {
      this.fault = faultWords(error);
      // A corrected request is a new one and needs a new key.
      this.#key = crypto.randomUUID();
    }
    this.busy = false;
  }

  protected override render() {
    return html`<details class="card fold"><summary>Start a training</summary>
      <form @submit=${this.#submit}>
        <fieldset><legend>Families (all if none is selected)</legend>
          ${families.map((name) => html`<label class="check"><input type="checkbox" name="family" value=${name} /> ${name}</label>`)}</fieldset>
        <label class="field"><span>Search trials (empty: no search)</span>
          <input type="number" name="trials" min="1" max="10000" inputmode="numeric" /></label>
        <label class="field"><span>Promote the new model to champion</span>
          <select name="promote" @change=${(event: Event) => (this.promote = (event.target as HTMLSelectElement).value)}>
            <option value="auto">if significantly better</option><option value="never">never</option><option value="always">always, whatever the gate says</option>
          </select></label>
        ${this.promote === "always" ? html`<label class="field"><span>Reason (kept in the ledger)</span><input name="reason" required maxlength="1000" /></label>` : nothing}
        <p class="fault" role="alert">${this.fault ?? nothing}</p>
        <button type="submit" class="main" ?disabled=${this.busy}>Train on the current items</button>
      </form></details>`;
  }
}
