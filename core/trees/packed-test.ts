// A test of a split, packed into one number, and the bounds of its two halves.

/** A test as column * 256 + rank: right where the row's code in that column is above the rank. */
export type PackedTest = number;
/** Never right. */
export const alwaysLeft: PackedTest = 255;
/** Columns fit a byte, and codes too: 0 to 254, and 255 for a missing value that goes right. */
export const maxColumns = 256;
export const maxCuts = 254;
export const missingRight = 255;
