// What other nouns may use of items.
export { matchKeyOf } from "./store/items.ts";
