// Parameters fixed by hand, and where a search starts from.
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { InputError } from "#core/api/problem.ts";
import type { Family } from "../../../trainer/families/family.ts";
import { linear } from "../../../trainer/families/linear/linear.ts";
import { fixParams } from "../../../trainer/search/params.ts";
import { parseSpace } from "../../../trainer/search/space.ts";
import { findStart } from "../../../trainer/search/start.ts";
import { workshops } from "../../synthetic-dataset.ts";

const tuned: Family<{ depth: number; rate: number; kind: string }> = {
  name: "tuned",
  title: "Tuned",
  tasks: ["regression"],
  params: z.strictObject({
    depth: z.int().min(1).max(9).default(3),
    rate: z.number().min(0).default(0),
    kind: z.enum(["even", "odd"]).default("even"),
  }),
  candidates: () => [
    { name: "shallow", params: { depth: 2, rate: 0, kind: "even" } },
    { name: "deep", params: { depth: 8, rate: 0.5, kind: "even" } },
    { name: "odd", params: { depth: 2, rate: 0.5, kind: "odd" } },
  ],
  space: { depth: { type: "int", low: 3, high: 9 }, rate: { type: "float", low: 1e-6, high: 1, log: true } },
  fit: () => {
    throw new Error("not fitted here");
  },
};

describe("fixParams", () => {
  it("fixes a parameter in every candidate, says so in its name, and takes it out of the search", () => {
    const fixed = fixParams(tuned as Family, workshops, { rate: 0.1 });
    expect(fixed.candidates(workshops)).toEqual([
      { name: "shallow, but rate=0.1", params: { depth: 2, rate: 0.1, kind: "even" } },
      { name: "deep, but rate=0.1", params: { depth: 8, rate: 0.1, kind: "even" } },
      { name: "odd, but rate=0.1", params: { depth: 2, rate: 0.1, kind: "odd" } },
    ]);
    expect(Object.keys(fixed.space ?? {})).toEqual(["depth"]);
  });

  it("counts candidates once that it makes equal, and leaves nothing to search where all is fixed", () => {
    const fixed = fixParams(tuned as Family, workshops, { depth: 4, rate: 0.1 });
    expect(fixed.candidates(workshops).map(({ params }) => params.kind)).toEqual(["even", "odd"]);
    expect(fixed.space).toBeUndefined();
  });

  it("names the parameter and what is allowed", () => {
    const fix = (params: Record<string, string | number>) => () =>
      fixParams(linear as Family, workshops, params);
    expect(fix({ knot: 3 })).toThrow(InputError);
    expect(fix({ knot: 3 })).toThrow(
      /^\/knot: no parameter of linear; expected one of form, target, .*knots/,
    );
    expect(fix({ knots: 41 })).toThrow(/^\/knots: .*40$/);
    expect(fix({ numbers: "cubic" })).toThrow(/^\/numbers: .*"log"\|"raw"/);
  });
});

describe("findStart", () => {
  const space = parseSpace(tuned.space ?? {});
  const candidates = tuned.candidates(workshops).map(({ params }) => params);

  it("keeps what the space leaves out and starts at the nearest points of the candidates that share it", () => {
    expect(findStart(space, candidates)).toEqual({
      fixed: { kind: "even" },
      initial: [
        { depth: 3, rate: 1e-6 },
        { depth: 8, rate: 0.5 },
      ],
    });
  });

  it("leaves out a candidate whose choice the space does not have", () => {
    const kinds = parseSpace({ kind: { type: "category", choices: ["odd", "other"] } });
    const same = candidates.map((params) => ({ ...params, depth: 2, rate: 0 }));
    expect(findStart(kinds, same)).toEqual({ fixed: { depth: 2, rate: 0 }, initial: [{ kind: "odd" }] });
  });
});
