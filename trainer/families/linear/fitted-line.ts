// What a fitted linear model is made of: read by its prediction, its graph and its explanation.
import type { LearntDesign } from "./design.ts";

export interface LinearModel {
  readonly design: LearntDesign;
  readonly coefficients: Float64Array;
  /** How the target's scale goes on beyond the main number's training range: the slope of a straight line through all rows. */
  readonly slope: number;
  /** Where the fitted scale ends: far beyond every training target, but before a logarithm's price leaves all bounds. */
  readonly low: number;
  readonly high: number;
}
