// Worker entry of a family's study: cross-validates one trial at a time over shared rows.
import { InputError } from "#core/api/problem.ts";
import type { Family } from "../families/family.ts";
import { families } from "../families/index.ts";
import { crossValidatedTrial, type StudySubject } from "./cross-validated-trial.ts";
import { serveTrials } from "./trial-worker.ts";

export interface FamilySubject extends StudySubject {
  /** Name in the registry: a family itself is code and cannot be posted. */
  readonly family: string;
}

serveTrials<FamilySubject>(({ family, ...subject }) => {
  const found = (families as Readonly<Record<string, Family>>)[family];
  if (!found)
    throw new InputError(`family: expected one of ${Object.keys(families).join(", ")}; got ${family}`);
  return crossValidatedTrial(found, subject);
});
