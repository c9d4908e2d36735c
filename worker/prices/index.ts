// What other nouns may use of prices.
export { priceBody } from "./price-body.ts";
