// The names of the model families: the API checks them, and the command line lists them without loading a family.

/** The families that a training may name; trainer/families/index.ts has to hold exactly these. */
export const familyNames = ["boosting", "linear", "logistic", "mean", "prior"] as const;

export type FamilyName = (typeof familyNames)[number];
