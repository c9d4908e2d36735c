// Least squares: the library and the Gram matrix agree, textbook numbers come out, and dependent columns do no harm.
import { describe, expect, it } from "vitest";
import { type Design, leastSquares } from "../../../trainer/families/linear/least-squares.ts";
import { seeded } from "../../../trainer/random.ts";

function designOf(matrix: readonly (readonly number[])[], penalties?: Float64Array): Design {
  return {
    rows: matrix.length,
    columns: matrix[0].length,
    writeRow: (index, into) => into.set(matrix[index]),
    penalties,
  };
}

const random = seeded(5);
const matrix = Array.from({ length: 400 }, () => {
  const [a, b] = [random() * 10, random() - 0.5];
  return [1, a, b, a * a, random() < 0.3 ? 1 : 0];
});
const target = Float64Array.from(
  matrix,
  ([one, a, b, square, flag]) => 3 * one - a + 7 * b + 0.2 * square + flag + random(),
);
const ones = new Float64Array(matrix.length).fill(1);

describe("leastSquares", () => {
  it("gives the standard errors of a textbook", () => {
    // Anscombe's first set (1973, The American Statistician 27): intercept 3.0001 (1.1247), slope 0.5001 (0.1179), s = 1.2366.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const design = designOf(x.map((value) => [1, value]));
    for (const solver of ["library", "gram"] as const) {
      const fit = leastSquares(design, Float64Array.from(y), new Float64Array(11).fill(1), solver);
      expect(Array.from(fit.coefficients, (value) => value.toFixed(4))).toEqual(["3.0001", "0.5001"]);
      expect(Array.from(fit.standardErrors, (value) => value.toFixed(4))).toEqual(["1.1247", "0.1179"]);
      expect(fit.residualError.toFixed(4)).toBe("1.2366");
      expect(fit.solver).toBe(solver);
    }
  });

  it.each([
    ["plain", ones, undefined],
    ["weighted", ones.map((_, index) => (index % 4) + 0.5), undefined],
    ["penalised", ones, Float64Array.of(0, 0, 5, 0, 2)],
  ])("is the same by the library and by blocks: %s", (_, weights, penalties) => {
    const design = designOf(matrix, penalties);
    const [library, gram] = (["library", "gram"] as const).map((solver) =>
      leastSquares(design, target, weights, solver),
    );
    for (let j = 0; j < design.columns; j++) {
      expect(gram.coefficients[j]).toBeCloseTo(library.coefficients[j], 9);
      expect(gram.standardErrors[j]).toBeCloseTo(library.standardErrors[j], 9);
    }
    expect(gram.residualError).toBeCloseTo(library.residualError, 10);
  });

  it("goes by blocks where the library's copies would not fit", () => {
    const rows = 500_001;
    const design: Design = {
      rows,
      columns: 4,
      writeRow: (index, into) => into.set([1, index % 7, index % 11, (index % 3) - 1]),
    };
    const exact = Float64Array.from(
      { length: rows },
      (_, index) => 2 + 3 * (index % 7) - (index % 11) + 0.5 * ((index % 3) - 1),
    );
    const fit = leastSquares(design, exact, new Float64Array(rows).fill(1));
    expect(fit.solver).toBe("gram");
    expect(Array.from(fit.coefficients, (value) => Number(value.toFixed(8)))).toEqual([2, 3, -1, 0.5]);
  });

  it("drops columns that follow from earlier ones, and tells which", () => {
    const dependent = matrix.map((row) => [...row, row[1] + 2 * row[2], 0, 5]);
    for (const solver of ["library", "gram"] as const) {
      const fit = leastSquares(designOf(dependent), target, ones, solver);
      const without = leastSquares(designOf(matrix), target, ones, solver);
      expect(fit.dropped).toEqual([5, 6, 7]);
      expect(Array.from(fit.coefficients.slice(5))).toEqual([0, 0, 0]);
      expect(Array.from(fit.standardErrors.slice(5))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      for (let j = 0; j < 5; j++) expect(fit.coefficients[j]).toBeCloseTo(without.coefficients[j], 8);
    }
  });
});
