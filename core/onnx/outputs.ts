// The names of a model's outputs.

/** The one output that a model of an amount must have. */
export const predictionOutput = "prediction";

/** The output, where a model has it, by which its intervals are scaled; no feature can have this name. */
export const difficultyOutput = "prediction.difficulty";

/** The outputs that a classifier must have: the most probable class, [N], and a probability a class, [N,K]. */
export const labelOutput = "label";
export const probabilitiesOutput = "probabilities";
