// What other nouns may use of aliases.
export { listPointingAt } from "./store/ledger.ts";
