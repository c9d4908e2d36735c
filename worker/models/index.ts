// What other nouns may use of models.
export { findGate } from "./comparison.ts";
export { findModel, listModels } from "./store/models.ts";
