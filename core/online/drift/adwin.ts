// ADWIN (Bifet and Gavalda 2007): a window of numbers that shrinks when its older part has another mean than its newer one.
import { logarithm } from "../../onnx/logarithm.ts";
import { floatsOf, isFloats, isList, isNumber, partOf, type Saved } from "../saved.ts";

/** Buckets of one size before two become one of double size. */
const bucketsPerSize = 5;
/** Rows between two looks, the least rows on either side of a cut, and the rows before the first look: as River has them. */
const clock = 32;
const leastSide = 5;
const grace = 10;

/** Buckets of 2^k numbers: what they sum to, and their summed squares about their mean; the newest first. */
interface Level {
  readonly totals: number[];
  readonly variances: number[];
}

export class Adwin {
  readonly #delta: number;
  #levels: Level[] = [{ totals: [], variances: [] }];
  #width = 0;
  #total = 0;
  #variance = 0;
  #ticks = 0;
  #found = 0;

  /** `delta` bounds the share of false alarms. */
  constructor(delta: number) {
    this.#delta = delta;
  }

  /** Mean of the window. */
  get mean(): number {
    return this.#width === 0 ? 0 : this.#total / this.#width;
  }

  get width(): number {
    return this.#width;
  }

  get changes(): number {
    return this.#found;
  }

  /** Takes a number; whether the window has just lost an older part that differs. */
  add(value: number): boolean {
    this.#ticks++;
    this.#insert(value);
    return this.#shrink();
  }

  #insert(value: number): void {
    const [first] = this.#levels;
    if (this.#width > 0) {
      const mean = this.#total / this.#width;
      this.#variance += (this.#width * (value - mean) ** 2) / (this.#width + 1);
    }
    this.#width++;
    this.#total += value;
    first.totals.unshift(value);
    first.variances.unshift(0);
    for (let k = 0; k < this.#levels.length; k++) {
      const { totals, variances } = this.#levels[k];
      if (totals.length <= bucketsPerSize) break;
      const size = 2 ** k;
      const [one, two] = [totals.pop() as number, totals.pop() as number];
      const spread = (variances.pop() as number) + (variances.pop() as number);
      if (k + 1 === this.#levels.length) this.#levels.push({ totals: [], variances: [] });
      const above = this.#levels[k + 1];
      above.totals.unshift(one + two);
      above.variances.unshift(spread + (size * size * (one / size - two / size) ** 2) / (2 * size));
    }
  }

  #shrink(): boolean {
    if (this.#ticks % clock !== 0 || this.#width <= grace) return false;
    let changed = false;
    while (this.#cutsSomewhere()) {
      changed = true;
      this.#dropOldest();
      if (this.#width <= grace) break;
    }
    if (changed) this.#found++;
    return changed;
  }

  #cutsSomewhere(): boolean {
    let rows = 0;
    let total = 0;
    for (let k = this.#levels.length - 1; k >= 0; k--) {
      const { totals } = this.#levels[k];
      for (let at = totals.length - 1; at >= 0; at--) {
        rows += 2 ** k;
        total += totals[at];
        const others = this.#width - rows;
        if (others < leastSide) return false;
        if (rows < leastSide) continue;
        const difference = Math.abs(total / rows - (this.#total - total) / others);
        if (difference > this.#bound(rows, others)) return true;
      }
    }
    return false;
  }

  #bound(rows: number, others: number): number {
    const confidence = logarithm((2 * logarithm(this.#width)) / this.#delta);
    const harmonic = 1 / (rows - leastSide + 1) + 1 / (others - leastSide + 1);
    const variance = this.#variance / this.#width;
    return Math.sqrt(2 * harmonic * variance * confidence) + (2 / 3) * harmonic * confidence;
  }

  #dropOldest(): void {
    const k = this.#levels.length - 1;
    const { totals, variances } = this.#levels[k];
    const size = 2 ** k;
    const total = totals.pop() as number;
    const spread = variances.pop() as number;
    this.#width -= size;
    this.#total -= total;
    const mean = total / size;
    const rest = this.#width > 0 ? this.#total / this.#width : 0;
    this.#variance -= spread + (size * this.#width * (mean - rest) ** 2) / (size + this.#width);
    if (this.#variance < 0) this.#variance = 0;
    if (totals.length === 0 && k > 0) this.#levels.pop();
  }

  save(): Saved {
    return {
      numbers: Float64Array.of(this.#width, this.#total, this.#variance, this.#ticks, this.#found),
      totals: this.#levels.map(({ totals }) => Float64Array.from(totals)),
      variances: this.#levels.map(({ variances }) => Float64Array.from(variances)),
      delta: this.#delta,
    };
  }

  static restore(saved: Saved): Adwin {
    const adwin = new Adwin(partOf(saved, "delta", isNumber));
    [adwin.#width, adwin.#total, adwin.#variance, adwin.#ticks, adwin.#found] = partOf(
      saved,
      "numbers",
      floatsOf(5),
    );
    const variances = partOf(saved, "variances", isList);
    adwin.#levels = partOf(saved, "totals", isList).map((totals, k) => ({
      totals: isFloats(totals) ? [...totals] : [],
      variances: isFloats(variances[k]) ? [...(variances[k] as Float64Array)] : [],
    }));
    return adwin;
  }
}
