// How much of a row is given: intervals and sets are calibrated for each by itself.

/** All of the features, some of the optional ones, or none of them. */
export const completenesses = ["complete", "partial", "required"] as const;
export type Completeness = (typeof completenesses)[number];

/** The completeness of a row that lacks `absent` of the spec's `optional` features. */
export function completenessOf(absent: number, optional: number): Completeness {
  if (absent === 0) return "complete";
  return absent < optional ? "partial" : "required";
}
