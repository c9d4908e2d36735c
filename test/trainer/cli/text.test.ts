// What people read: tables line up, amounts carry their unit.
import { describe, expect, it } from "vitest";
import { formatAmount } from "../../../trainer/cli/money.ts";
import { layTable } from "../../../trainer/cli/text-table.ts";

describe("formatAmount", () => {
  it.each([
    [6512.4, "USD", "$6,512"],
    [12.5, "EUR", "€12.50"],
    [1234567, "CLP", "CLP 1,234,567"],
    [1500.2, "kWh", "1,500 kWh"],
    [3, "XYZ", "3.00 XYZ"],
  ])("%d %s", (value, unit, text) => {
    expect(formatAmount(value, unit).replaceAll("\u00a0", " ")).toBe(text);
  });
});

describe("layTable", () => {
  it("aligns cells and leaves no trailing blanks", () => {
    const columns = [
      { title: "name", align: "left" },
      { title: "MAE", align: "right" },
    ] as const;
    expect(
      layTable(columns, [
        ["linear", "9.5"],
        ["a", "1234.5"],
        ["", ""],
      ]),
    ).toBe("name       MAE\n------  ------\nlinear     9.5\na       1234.5\n");
  });
});
