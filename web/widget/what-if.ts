// The curve of price against one feature: the one moved last. Asked for after the price, and only where it would be another one.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Row } from "#core/dataset/row.ts";
import type { CurvePoint, Engine, PriceOptions } from "../engines/engine.ts";
import { changeRow } from "./form-values.ts";

/** Points of a curve over a number: enough for a smooth line on a phone, few enough for one quick answer. */
const steps = 65;

export interface Curve {
  readonly feature: string;
  readonly points: readonly CurvePoint[];
}

export class WhatIf implements ReactiveController {
  /** The feature to draw against. */
  feature = "";
  /** The last curve; it may be of another feature until the next has come. */
  curve: Curve | undefined;
  failed = false;

  #key = "";
  #running: AbortController | undefined;

  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  cancel(): void {
    this.#running?.abort();
    this.#key = "";
  }

  /** Forgets the curve too: it is of another dataset. */
  forget(): void {
    this.cancel();
    this.curve = undefined;
    this.failed = false;
  }

  /** Asks `engine` for the curve around `row`, unless the one at hand is just that: moving along a curve does not change it. */
  async ask(engine: Engine, modelId: string, row: Row, options: PriceOptions): Promise<void> {
    const { feature } = this;
    const key = JSON.stringify([engine.name, modelId, feature, options, changeRow(row, feature, undefined)]);
    if (key === this.#key) return;
    this.cancel();
    this.#key = key;
    const running = new AbortController();
    this.#running = running;
    try {
      const points = await engine.sweep(row, feature, steps, running.signal, options);
      if (running.signal.aborted) return;
      this.curve = { feature, points };
      this.failed = false;
    } catch {
      // The price stands without its curve, which is tried again with the next price.
      if (running.signal.aborted) return;
      this.failed = true;
      this.#key = "";
    }
    this.host.requestUpdate();
  }
}
