// The names of a price model's outputs.

/** The one output that a price model must have. */
export const predictionOutput = "prediction";

/** The output, where a model has it, by which its intervals are scaled; no feature can have this name. */
export const difficultyOutput = "prediction.difficulty";
