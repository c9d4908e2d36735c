// What other nouns may use of datasets.
export { challengerAlias, championAlias, listDatasets, type StoredDataset } from "./store/datasets.ts";
