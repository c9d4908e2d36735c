// What other nouns may use of identity.
export { isPublicDataset, maySee, publicDatasets, reservedNames } from "./access.ts";
