// The curve of price against one feature: the one moved last. Asked for after the price, and only where it would be another one.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CurvePoint, Engine, GivenRow, PriceOptions } from "../engines/engine.ts";
import type { Catalogue } from "./catalogue.ts";
import { curveAxis } from "./curve-axis.ts";
import { changeRow } from "./form-values.ts";
import { whatIfFeature } from "./what-if-feature.ts";

export interface Curve {
  readonly feature: string;
  readonly points: readonly CurvePoint[];
  readonly logarithmic: boolean;
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

  /** Chooses what to draw against once `moved` has been; "" begins anew, as for another dataset. */
  choose({ spec, training }: Catalogue, row: GivenRow, moved: string): void {
    const present = moved === "" ? "" : this.feature;
    this.feature = whatIfFeature(spec, row, { moved, present, importance: training?.importance });
  }

  /** Asks `engine` for the curve around `row`, unless the one at hand is just that: moving along a curve does not change it. */
  async ask(
    engine: Engine,
    { spec, training, modelId }: Catalogue,
    row: GivenRow,
    options: PriceOptions,
  ): Promise<void> {
    const { feature } = this;
    const drawn = spec.features.find(({ name }) => name === feature);
    if (!drawn) return;
    const axis = curveAxis(drawn, training?.quantiles[feature], row[feature]);
    const others = changeRow(row, feature, undefined);
    const key = JSON.stringify([engine.name, modelId, feature, axis, options, others]);
    if (key === this.#key) return;
    this.cancel();
    this.#key = key;
    const running = new AbortController();
    this.#running = running;
    try {
      const points = await engine.sweep(row, feature, axis.along, running.signal, options);
      if (running.signal.aborted) return;
      this.curve = { feature, points, logarithmic: axis.logarithmic };
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
