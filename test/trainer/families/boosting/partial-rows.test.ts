// Rows that lack optional features are priced nearly as well as by a model that never knew them.
import { describe, expect, it } from "vitest";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import { BoostingParams } from "../../../../trainer/families/boosting/params.ts";
import { addPartialRows } from "../../../../trainer/families/boosting/partial-rows.ts";
import { seeded } from "../../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../../synthetic-dataset.ts";

const optional = workshops.features.filter(({ required }) => !required).map(({ name }) => name);
// Only rows in which everything is given: what a catalogue holds, and where trees never meet a missing value.
const complete = drawWorkshops(6000).filter(({ row }) => optional.every((name) => name in row));
const all = workshopTable(complete);
const indices = Array.from({ length: all.rows }, (_, index) => index);
const train = takeRows(
  all,
  indices.filter((index) => index % 4 !== 0),
);
const test = takeRows(
  all,
  indices.filter((index) => index % 4 === 0),
);

function bare(table: LabelledTable): LabelledTable {
  const columns = Object.entries(table.columns).map(([name, column]) => {
    if (!optional.includes(name)) return [name, column];
    return [name, column.slice().fill(column instanceof Float32Array ? Number.NaN : -1)];
  });
  return { ...table, columns: Object.fromEntries(columns) };
}

async function fitted(spec = workshops, settings: object = {}) {
  return boosting.fit(BoostingParams.parse({ trees: 150, ...settings }), train, { spec, random: seeded(1) });
}

const error = (predicted: Float64Array) => meanAbsoluteError(test.target, predicted);

describe("partial rows", () => {
  it("are priced with at most 1.15 times the error of a model of the required features alone", async () => {
    const required = { ...workshops, features: workshops.features.filter((feature) => feature.required) };
    const reference = error((await fitted(required)).predict(test));
    const model = await fitted();
    expect(error(model.predict(bare(test)))).toBeLessThan(1.15 * reference);
    // The copies must not cost what full rows say: they stay better than what the required features alone can tell.
    expect(error(model.predict(test))).toBeLessThan(reference);
  });

  it("are priced far worse by trees that never saw one", async () => {
    const [trained, untrained] = [await fitted(), await fitted(workshops, { partialRows: 0 })];
    const rows = bare(test);
    expect(error(untrained.predict(rows))).toBeGreaterThan(1.15 * error(trained.predict(rows)));
  });

  it("come after the rows themselves, which stay as they were", () => {
    const before = structuredClone(train.columns);
    const { table: added } = addPartialRows(workshops, train, 0.5, seeded(3));
    expect(train.columns).toEqual(before);
    expect(takeRows(added, indices.slice(0, train.rows))).toEqual(
      takeRows(train, indices.slice(0, train.rows)),
    );
    expect(added.rows).toBeGreaterThan(1.4 * train.rows);
    expect(added.rows).toBeLessThan(1.6 * train.rows);
    for (const { name, required } of workshops.features) {
      if (required) continue;
      const hidden = [...added.columns[name].subarray(train.rows)].filter(
        (value) => !(value >= 0 || value < -1),
      );
      expect(hidden.length).toBeGreaterThan(0.6 * (added.rows - train.rows));
    }
    expect(addPartialRows(workshops, train, 0, seeded(3))).toMatchObject({ table: train });
  });
});
