// What other nouns may use of identity.
export { maySee, publicDatasets, reservedNames } from "./access.ts";
