// The widget as a control of the page's own form: which values it submits, and what keeps the form from being sent.
import type { GivenRow, Price } from "../engines/engine.ts";

export interface FormLinkState {
  readonly name: string | null;
  readonly required: boolean;
  readonly row: GivenRow;
  /** The price of just this row; undefined while it is being asked for or where there is none. */
  readonly price: Price | undefined;
  /** What is wrong with the row, in words; empty where nothing is. */
  readonly fault: string;
  /** What a form that must have a price says as long as it has none. */
  readonly noPrice: string;
}

/** Submits, under the element's name: NAME the unrounded price, NAME-unit, NAME-model, and NAME-row as JSON. */
export class FormLink {
  readonly internals: ElementInternals;

  constructor(element: HTMLElement) {
    this.internals = element.attachInternals();
  }

  update({ name, required, row, price, fault, noPrice }: FormLinkState, anchor?: HTMLElement): void {
    if (!name) {
      // Without a name a control submits nothing, and what is not submitted shall not hold up the page's form.
      this.internals.setFormValue(null);
      this.internals.setValidity({});
      return;
    }
    const state = JSON.stringify(row);
    const values = new FormData();
    if (price) {
      values.set(name, String(price.prediction));
      values.set(`${name}-unit`, price.unit);
      values.set(`${name}-model`, price.modelId);
    }
    values.set(`${name}-row`, state);
    this.internals.setFormValue(values, state);
    if (fault) this.internals.setValidity({ customError: true }, fault, anchor);
    else if (required && !price) this.internals.setValidity({ valueMissing: true }, noPrice, anchor);
    else this.internals.setValidity({});
  }
}
