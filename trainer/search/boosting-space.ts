// The space of boosted trees for those who search without a family: the contest with other libraries.
export { boostingSpace } from "../families/boosting/space.ts";
