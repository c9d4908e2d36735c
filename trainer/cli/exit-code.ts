// What the command's exit code says, and the one place where an error becomes a line and a code.

import { CommanderError } from "commander";
import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import { ExportDisagreement } from "../onnx/export-disagreement.ts";

export const exitCodes = { ok: 0, failure: 1, badInput: 2, exportDisagreed: 3, server: 4 } as const;

export const exitCodeHelp = `
Exit codes:
  0  done
  1  something failed that should not have
  2  wrong usage, or input that breaks the dataset's contract
  3  an exported model and the trained one disagree; nothing was published
  4  the server refused, or could not be reached`;

/** The exit code for an error and the one line that tells it; no line where it has been told already. */
export function explainError(error: unknown): { code: number; line?: string } {
  if (error instanceof CommanderError) {
    return { code: error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput };
  }
  const message = error instanceof Error ? error.message : String(error);
  const line = `appraise: ${message.replace(/\s*\n\s*/g, " ")}`;
  if (error instanceof InputError) return { code: exitCodes.badInput, line };
  if (error instanceof ExportDisagreement) return { code: exitCodes.exportDisagreed, line };
  if (error instanceof ApiFault) return { code: exitCodes.server, line };
  return { code: exitCodes.failure, line };
}
