// <dash-table>: rows that sort by any column, in a box of their own that scrolls where they are wider than the page.
import { html, LitElement, nothing } from "lit";

type Value = number | string | null;

export interface Column<T> {
  readonly title: string;
  /** What the column is sorted by. */
  readonly value: (row: T) => Value;
  /** What is shown, where that is not the value itself. */
  readonly view?: (row: T) => unknown;
  /** Set flush right. */
  readonly numeric?: boolean;
}

/** Lower first; what has no value comes last in either direction. */
function compare(a: Value, b: Value, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
  return String(a).localeCompare(String(b), "en", { numeric: true }) * direction;
}

/** More come when they are asked for: a page of hundreds of rows is read by nobody. */
const rowsAtOnce = 25;

export class DashTable<T = unknown> extends LitElement {
  static override readonly properties = {
    caption: {},
    columns: { attribute: false },
    rows: { attribute: false },
    marked: { attribute: false },
    order: { state: true },
    shown: { state: true },
  };
  declare caption: string;
  declare columns: readonly Column<T>[];
  declare rows: readonly T[];
  /** Rows that stand out. */
  declare marked: ((row: T) => boolean) | undefined;
  declare private order: { readonly column: number; readonly direction: 1 | -1 } | undefined;

  declare private shown: number;

  constructor() {
    super();
    this.shown = rowsAtOnce;
  }

  protected override createRenderRoot() {
    return this;
  }

  #sorted(): readonly T[] {
    if (!this.order) return this.rows;
    const { column, direction } = this.order;
    const { value } = this.columns[column];
    return [...this.rows].sort((a, b) => compare(value(a), value(b), direction));
  }

  #sortBy(column: number): void {
    const direction = this.order?.column === column && this.order.direction === 1 ? -1 : 1;
    this.order = { column, direction };
  }

  #head(column: Column<T>, at: number) {
    const direction = this.order?.column === at ? this.order.direction : undefined;
    const sort = direction === undefined ? nothing : direction === 1 ? "ascending" : "descending";
    const sign = direction === undefined ? "↕" : direction === 1 ? "↑" : "↓";
    return html`<th scope="col" aria-sort=${sort} class=${column.numeric ? "number" : ""}>
      <button type="button" @click=${() => this.#sortBy(at)}>${column.title}<span aria-hidden="true"> ${sign}</span></button>
    </th>`;
  }

  #row(row: T) {
    const cell = ({ view, value, numeric }: Column<T>, at: number) => {
      const content = view ? view(row) : (value(row) ?? "—");
      return at === 0
        ? html`<th scope="row">${content}</th>`
        : html`<td class=${numeric ? "number" : ""}>${content}</td>`;
    };
    return html`<tr class=${this.marked?.(row) ? "marked" : ""}>${this.columns.map(cell)}</tr>`;
  }

  protected override render() {
    const sorted = this.#sorted();
    const more = Math.min(rowsAtOnce, sorted.length - this.shown);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.caption}>
      <table>
        <caption class="unseen">${this.caption}</caption>
        <thead><tr>${this.columns.map((column, at) => this.#head(column, at))}</tr></thead>
        <tbody>${sorted.slice(0, this.shown).map((row) => this.#row(row))}</tbody>
      </table>
    </div>
    ${more > 0 ? html`<button type="button" class="quiet" @click=${() => (this.shown += rowsAtOnce)}>Show ${more} more of ${sorted.length}</button>` : nothing}`;
  }
}
