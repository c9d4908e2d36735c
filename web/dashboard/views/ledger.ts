// <dash-ledger>: the history of an alias, and the buttons that move it if it has not changed meanwhile.
import { html, nothing, type TemplateResult } from "lit";
import type { Alias, AliasMove, ModelRecord, Page } from "../answers.ts";
import { askJson, query } from "../api.ts";
import type { Draw } from "../chart.ts";
import { reignsOf } from "../charts/reigns.ts";
import { hourMs, timeAxis, timeSpan } from "../charts/time-axis.ts";
import { moment, plural } from "../format.ts";
import { gateWords } from "../gate-words.ts";
import type { MoveOrder } from "../move-dialog.ts";
import { Section } from "../section.ts";

interface Ledger {
  readonly aliases: readonly Alias[];
  readonly models: readonly ModelRecord[];
  readonly alias: string;
  readonly moves: Page<AliasMove>;
}

const pageItems = 50;
/** Pixels that a model's id takes beside the chart. */
const idWidth = 168;

export class DashLedger extends Section<Ledger> {
  static override readonly properties = {
    ...Section.properties,
    order: { state: true },
    told: { state: true },
  };
  declare private order: MoveOrder | undefined;
  declare private told: string;
  #alias = "champion";

  get #root(): string {
    return `/v1/${encodeURIComponent(this.datasetName)}`;
  }

  #history(cursor?: string): string {
    return `${this.#root}/aliases/${encodeURIComponent(this.#alias)}/history${query({ limit: pageItems, cursor })}`;
  }

  protected override async load(signal: AbortSignal): Promise<Ledger> {
    const [aliases, models, moves] = await Promise.all([
      askJson<Page<Alias>>(`${this.#root}/aliases?limit=200`, { signal }),
      askJson<Page<ModelRecord>>(`${this.#root}/models?limit=200`, { signal }),
      askJson<Page<AliasMove>>(this.#history(), { signal }),
    ]);
    return { aliases: aliases.items, models: models.items, alias: this.#alias, moves };
  }

  #choose(alias: string): void {
    this.#alias = alias;
    void this.refresh();
  }

  async #more(ledger: Ledger): Promise<void> {
    try {
      const page = await askJson<Page<AliasMove>>(this.#history(ledger.moves.next ?? undefined));
      const moves = { items: [...ledger.moves.items, ...page.items], next: page.next };
      this.data = { ...ledger, moves };
    } catch (error) {
      this.fault = error;
    }
  }

  #draw(moves: readonly AliasMove[]): Draw {
    const reigns = reignsOf(moves, Date.now());
    const models = [...new Set(reigns.map(({ model }) => model))];
    const times = reigns.flatMap(({ from, to }) => [from, to]).map((time) => time.toISOString());
    const span = timeSpan(times, hourMs / 6);
    return (plot, width) => ({
      ...{ height: 56 + models.length * 30, marginLeft: idWidth, marginTop: 8 },
      x: timeAxis(span, width - idWidth),
      y: { domain: models, label: null, tickSize: 0 },
      marks: [
        plot.barX(reigns, {
          ...{ x1: "from", x2: "to", y: "model", fill: "var(--band)", stroke: "var(--accent)" },
          ...{ insetTop: 3, insetBottom: 3 },
        }),
      ],
    });
  }

  #move({ revision, kind, model, previous, restores, reason, actor, time, gate }: AliasMove, ledger: Ledger) {
    const isNow = revision === ledger.moves.items[0].revision;
    const what =
      kind === "removal"
        ? "Removed"
        : kind === "rollback"
          ? `Rolled back to revision ${restores}`
          : previous === null
            ? "Set"
            : "Moved";
    const back = (event: Event) =>
      this.#ask({ kind: "rollback", alias: ledger.alias, to: revision, model: model ?? "" }, ledger, event);
    return html`<li class=${isNow ? "now" : ""}>
      <p><strong>${what}</strong>${model === null ? nothing : html` to <code>${model}</code>`}
        ${isNow ? html`<span class="chip">now</span>` : nothing}</p>
      <blockquote>${reason}</blockquote>
      <p class="aside">${actor} · <time datetime=${time}>${moment(time)}</time> · revision ${revision}</p>
      <p class="aside">${gateWords(gate, this.unit)}</p>
      ${
        isNow || model === null || model === ledger.moves.items[0].model
          ? nothing
          : html`<button type="button" class="quiet" aria-label=${`Roll back to this: revision ${revision}, ${model}`} @click=${back}>Roll back to this</button>`
      }
    </li>`;
  }

  #ask(order: Omit<MoveOrder, "etag" | "from" | "models" | "dataset">, ledger: Ledger, event: Event): void {
    this.#opener = event.currentTarget as HTMLElement;
    const present = ledger.aliases.find(({ alias }) => alias === order.alias);
    this.order = {
      ...order,
      dataset: this.datasetName,
      etag: present && `"${present.revision}"`,
      from: present?.model,
      models: ledger.models,
    };
  }

  #opener: HTMLElement | undefined;

  #close({ detail }: CustomEvent<string>): void {
    this.order = undefined;
    this.told = detail;
    this.#opener?.focus();
    void this.refresh();
  }

  protected override show(ledger: Ledger): TemplateResult {
    const { aliases, alias, moves } = ledger;
    const names = [...new Set(["champion", "challenger", ...aliases.map((one) => one.alias)])];
    const promote = (event: Event) => this.#ask({ kind: "move", alias }, ledger, event);
    const rollback = (event: Event) => this.#ask({ kind: "rollback", alias }, ledger, event);
    return html`<div class="actions">
        <label>Alias <select .value=${alias} @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
          ${names.map((name) => html`<option ?selected=${name === alias}>${name}</option>`)}
        </select></label>
        <button type="button" class="main" @click=${promote}>Promote a model…</button>
        <button type="button" class="quiet" ?disabled=${moves.items.length < 2} @click=${rollback}>Roll back…</button>
      </div>
      <p role="status" class="told">${this.told ?? nothing}</p>
      ${
        moves.items.length === 0
          ? html`<p class="quiet-words">${alias} has never pointed to a model.</p>`
          : html`<dash-chart .draw=${this.#draw(moves.items)}
              .label=${`Which model ${alias} pointed to over time, ${plural(moves.items.length, "move")}. The list below has each.`}></dash-chart>
            <ol class="moves">${moves.items.map((move) => this.#move(move, ledger))}</ol>`
      }
      ${moves.next ? html`<button type="button" class="quiet" @click=${() => this.#more(ledger)}>Older moves</button>` : nothing}
      ${this.order ? html`<dash-move .order=${this.order} @dash:done=${this.#close}></dash-move>` : nothing}`;
  }
}
