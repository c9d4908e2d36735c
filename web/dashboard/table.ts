// <dash-table>: a table that sorts by any column and scrolls sideways on narrow screens.
import { html, LitElement, nothing } from "lit";

type Value = number | string | null;

export interface Column<T> {
  readonly title: string;
  /** The sort key. */
  readonly value: (row: T) => Value;
  /** The cell's content; the value itself if absent. */
  readonly view?: (row: T) => unknown;
  /** Aligned to the right. */
  readonly numeric?: boolean;
  /** Names the row for screen readers; the first column if no column says so. */
  readonly isRowHeader?: boolean;
}

/** Ascending for 1; null comes last in both directions. */
function compare(a: Value, b: Value, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
  return String(a).localeCompare(String(b), "en", { numeric: true }) * direction;
}

/** Rows shown at first, and added by each "Show more". */
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
  /** Highlights a row. */
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
    const header = Math.max(
      0,
      this.columns.findIndex(({ isRowHeader }) => isRowHeader),
    );
    const cell = ({ view, value, numeric }: Column<T>, at: number) => {
      const content = view ? view(row) : (value(row) ?? "—");
      return at === header
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
