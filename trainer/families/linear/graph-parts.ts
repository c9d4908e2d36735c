// The few constructs that a linear model's graph is made of, in doubles; every method returns the name of a value.
import type { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";

export class GraphParts {
  readonly graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  row(values: ArrayLike<number>): string {
    return this.graph.constant("double", [1, values.length], values);
  }

  scalar(value: number): string {
    return this.graph.constant("double", [], [value]);
  }

  column(values: ArrayLike<number>): string {
    return this.graph.constant("double", [values.length, 1], values);
  }

  double(value: string): string {
    return this.graph.node("Cast", [value], { to: { int: elementTypeCodes.double } });
  }

  concat(parts: readonly string[]): string {
    return parts.length === 1 ? parts[0] : this.graph.node("Concat", parts, { axis: { int: 1 } });
  }

  code(input: string, levels: readonly string[]): string {
    const attributes = {
      keys_strings: { strings: levels },
      values_int64s: { ints: levels.map((_, index) => index) },
      default_int64: { int: levels.length },
    };
    return this.graph.node("LabelEncoder", [input], attributes, { domain: "ai.onnx.ml" });
  }

  /** Rows of a table [levels + 1, width], picked by code: [N, width]. */
  pick(table: readonly (readonly number[])[], code: string): string {
    const width = table[0].length;
    const constant = this.graph.constant("double", [table.length, width], table.flat());
    const picked = this.graph.node("Gather", [constant, code], { axis: { int: 0 } });
    return this.graph.node("Reshape", [picked, this.graph.constant("int64", [2], [-1, width])]);
  }

  /** Adds up values from left to right. */
  sum(values: readonly string[]): string {
    return values.reduce((total, value) => this.graph.node("Add", [total, value]));
  }
}
