// What other nouns may use of health.
export { findReadiness } from "./readiness.ts";
