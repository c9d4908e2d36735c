// Every kind of failure has its exit code and one line.
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../../sdk/api-fault.ts";
import { explainError } from "../../../trainer/cli/exit-code.ts";
import { ExportDisagreement } from "../../../trainer/onnx/export-disagreement.ts";

describe("explainError", () => {
  it.each([
    [new Error("disk\n  full"), { code: 1, line: "appraise: disk full" }],
    ["a thrown text", { code: 1, line: "appraise: a thrown text" }],
    [new InputError("carat: expected a number"), { code: 2, line: "appraise: carat: expected a number" }],
    [new CommanderError(1, "commander.unknownOption", "told already"), { code: 2 }],
    [new CommanderError(0, "commander.helpDisplayed", ""), { code: 0 }],
    [new ExportDisagreement("row 7 differs"), { code: 3, line: "appraise: row 7 differs" }],
    [
      new ApiFault({ request: "GET /v1/x", status: 403, detail: "no scope" }),
      { code: 4, line: "appraise: GET /v1/x: 403 no scope" },
    ],
    [
      new ApiFault({ request: "GET /v1/x", status: 0, detail: "no answer" }),
      { code: 4, line: "appraise: GET /v1/x: no answer" },
    ],
  ])("of %o", (error, expected) => {
    expect(explainError(error)).toEqual(expected);
  });
});
