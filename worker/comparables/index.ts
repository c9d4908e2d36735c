// What other nouns may use of comparables.
export { answerSimilar } from "./answer-similar.ts";
