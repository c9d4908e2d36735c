// A fitted linear model as ONNX, in doubles: each level's share of the coefficients is folded into a table, so that a price takes
// a few look-ups and one short dot product instead of hundreds of mostly zero columns.

import { type Encoding, type MainNumber, type OtherNumber, pairsOf } from "#core/linear/linear-design.ts";
import type { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { LinearModel } from "./fitted-line.ts";
import { GraphParts } from "./graph-parts.ts";

/** Builds one model's graph; every method returns the name of a value. */
class LinearGraph extends GraphParts {
  private readonly model: LinearModel;
  private readonly inputs: Readonly<Record<string, string>>;
  private readonly codes: ReadonlyMap<Encoding, string>;

  constructor(
    model: LinearModel,
    graph: GraphBuilder,
    inputs: Readonly<Record<string, string>>,
    levels: LevelLists,
  ) {
    super(graph);
    this.model = model;
    this.inputs = inputs;
    this.codes = new Map(
      model.design.encodings.map((encoding) => [
        encoding,
        this.code(inputs[encoding.feature], levels[encoding.feature]),
      ]),
    );
  }

  /** Numbers on one scale, side by side; NaN where missing. */
  private scaled(log: boolean, features: readonly { feature: string; floor: number }[]): string {
    const joined = this.concat(features.map(({ feature }) => this.double(this.inputs[feature])));
    if (!log) return joined;
    const floored = this.graph.node("Max", [joined, this.row(features.map(({ floor }) => floor))]);
    return this.graph.node("Log", [floored]);
  }

  /** The main number, centred, and kept within the training range. */
  main({ feature, scale, center, low, high }: MainNumber): { value: string; inside: string } {
    const { graph } = this;
    const centred = graph.node("Sub", [
      this.scaled(scale.log, [{ feature, floor: scale.floor }]),
      this.scalar(center),
    ]);
    const value = graph.node("Where", [graph.node("IsNaN", [centred]), this.scalar(0), centred]);
    return { value, inside: graph.node("Clip", [value, this.scalar(low), this.scalar(high)]) };
  }

  /** [1, first power, knots..., higher powers...] of the main number. */
  private curve({ knots, powers }: MainNumber, inside: string): string {
    const { graph } = this;
    const spread = graph.node("Mul", [inside, this.row([0, 1, ...knots.map(() => 1)])]);
    const shifted = graph.node("Add", [spread, this.row([1, 0, ...knots.map((knot) => -knot)])]);
    const none = Number.NEGATIVE_INFINITY;
    const parts = [graph.node("Max", [shifted, this.row([none, none, ...knots.map(() => 0)])])];
    let power = inside;
    for (let exponent = 2; exponent <= powers; exponent++) {
      power = graph.node("Mul", [power, inside]);
      parts.push(power);
    }
    return this.concat(parts);
  }

  /** Coefficient columns in the order of `curve`, of the design's order (powers, then knots). */
  private ordered(values: ArrayLike<number>, from: number): number[] {
    const { main } = this.model.design;
    if (!main) return [];
    const [first, ...higher] = Array.from({ length: main.powers }, (_, index) => values[from + index]);
    return [first, ...main.knots.map((_, index) => values[from + main.powers + index]), ...higher];
  }

  /** The part of the price that the main number and the levels make: one row of coefficients a level, times the curve. */
  levelsOverCurve(inside: string | undefined): string {
    const { design, coefficients } = this.model;
    const { main, encodings, starts, params } = design;
    const width = starts.levels - 1;
    const base = [coefficients[0], ...this.ordered(coefficients, 1)];
    const parts: string[] = [];
    let column = 0;
    for (const encoding of encodings) {
      const table = encoding.rows.map((numbers) => {
        const total = new Array<number>(base.length).fill(0);
        numbers.forEach((number, index) => {
          const own = column + index;
          const over = params.interactions
            ? this.ordered(coefficients, starts.interactions + own * width)
            : [];
          total[0] += number * coefficients[starts.levels + own];
          over.forEach((coefficient, at) => {
            total[at + 1] += number * coefficient;
          });
        });
        return total;
      });
      column += encoding.names.length;
      parts.push(this.pick(table, this.codes.get(encoding) as string));
    }
    // Without categories every row has the same coefficients; the curve's first column is 1 in every row.
    const rowCoefficients = this.sum([this.row(base), ...parts]);
    if (!main || !inside) return rowCoefficients;
    const product = this.graph.node("Mul", [this.curve(main, inside), rowCoefficients]);
    return this.graph.node("ReduceSum", [product, this.graph.constant("int64", [1], [1])], {
      keepdims: { int: 1 },
    });
  }

  /** One number a pair of levels of two features, from a table over both. */
  pairs(): string[] {
    const { design, coefficients } = this.model;
    if (!design.params.pairs) return [];
    let start = design.starts.pairs;
    return pairsOf(design.encodings).map(([a, b]) => {
      const own = start;
      const width = b.names.length;
      start += a.names.length * width;
      const table = a.rows.flatMap((left) =>
        b.rows.map((right) => {
          let total = 0;
          left.forEach((l, i) => {
            right.forEach((r, j) => {
              total += l * r * coefficients[own + i * width + j];
            });
          });
          return [total];
        }),
      );
      const [first, second] = [a, b].map((encoding) => this.codes.get(encoding) as string);
      const scaled = this.graph.node("Mul", [first, this.graph.constant("int64", [], [b.rows.length])]);
      return this.pick(table, this.graph.node("Add", [scaled, second]));
    });
  }

  /** What is expected of `others`: [N, others]. */
  private expected(others: readonly OtherNumber[], inside: string | undefined): string {
    const { graph } = this;
    const at = (index: number) => others.map(({ expected }) => expected[index]);
    const parts = [this.row(at(0))];
    let column = 1;
    if (inside) {
      const count = this.model.design.main?.expectationPowers ?? 0;
      const powers = [inside];
      while (powers.length < count) powers.push(graph.node("Mul", [powers[powers.length - 1], inside]));
      const matrix = graph.constant(
        "double",
        [count, others.length],
        powers.flatMap((_, index) => at(index + 1)),
      );
      parts.push(graph.node("MatMul", [this.concat(powers), matrix]));
      column += count;
    }
    for (const encoding of this.model.design.encodings) {
      const start = column;
      column += encoding.names.length;
      const table = encoding.rows.map((numbers) =>
        others.map(({ expected }) =>
          numbers.reduce((sum, number, index) => sum + number * expected[start + index], 0),
        ),
      );
      parts.push(this.pick(table, this.codes.get(encoding) as string));
    }
    return this.sum(parts);
  }

  /** The part of the price that the other numbers make. */
  others(inside: string | undefined): string[] {
    const { graph } = this;
    const { design, coefficients } = this.model;
    const { starts, params } = design;
    // Logarithmic numbers first: each scale is one node over all of its columns.
    const logs = design.others.filter(({ scale }) => scale.log);
    const raws = design.others.filter(({ scale }) => !scale.log);
    const others = [...logs, ...raws];
    if (others.length === 0) return [];
    const scales = [logs, raws].filter((group) => group.length > 0);
    const values = this.concat(
      scales.map((group) =>
        this.scaled(
          group[0].scale.log,
          group.map(({ feature, scale }) => ({ feature, floor: scale.floor })),
        ),
      ),
    );
    const missing = graph.node("IsNaN", [values]);
    const rests = graph.node("Sub", [values, this.expected(others, inside)]);
    const standardised = graph.node("Mul", [rests, this.row(others.map(({ deviation }) => 1 / deviation))]);
    const floored = graph.node("Max", [standardised, this.row(others.map(({ low }) => low))]);
    const cut = graph.node("Min", [floored, this.row(others.map(({ high }) => high))]);
    const known = graph.node("Where", [missing, this.scalar(0), cut]);
    const pick = (block: number) =>
      others.map(
        (other) => coefficients[starts.others + block * others.length + design.others.indexOf(other)],
      );
    const parts = [graph.node("MatMul", [known, this.column(pick(0))])];
    if (params.others === "curved") {
      const squares = graph.node("Sub", [
        graph.node("Mul", [known, known]),
        this.row(others.map(({ meanSquare }) => meanSquare)),
      ]);
      parts.push(
        graph.node("MatMul", [graph.node("Where", [missing, this.scalar(0), squares]), this.column(pick(1))]),
      );
      if (inside)
        parts.push(graph.node("MatMul", [graph.node("Mul", [known, inside]), this.column(pick(2))]));
    }
    const indicated = design.others.filter(({ indicator }) => indicator);
    if (indicated.length > 0) {
      const weights = others.map((other) =>
        other.indicator ? coefficients[starts.missing + indicated.indexOf(other)] : 0,
      );
      parts.push(graph.node("MatMul", [this.double(missing), this.column(weights)]));
    }
    return parts;
  }
}

/** Levels by category feature. */
export type LevelLists = Readonly<Record<string, readonly string[]>>;

/** Adds the model to `graph`; returns the price, [N,1] double. */
export function writeGraph(
  model: LinearModel,
  graph: GraphBuilder,
  inputs: Readonly<Record<string, string>>,
  levels: LevelLists,
): string {
  const { design, slope } = model;
  const writer = new LinearGraph(model, graph, inputs, levels);
  const main = design.main && writer.main(design.main);
  const parts = [writer.levelsOverCurve(main?.inside), ...writer.pairs(), ...writer.others(main?.inside)];
  if (main) {
    const beyond = graph.node("Sub", [main.value, main.inside]);
    parts.push(graph.node("Mul", [beyond, graph.constant("double", [], [slope])]));
  }
  const total = parts.reduce((sum, part) => graph.node("Add", [sum, part]));
  const bounds = [model.low, model.high].map((bound) => graph.constant("double", [], [bound]));
  const bounded = graph.node("Clip", [total, ...bounds]);
  return design.params.target === "log" ? graph.node("Exp", [bounded]) : bounded;
}
