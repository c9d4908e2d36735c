// Which Node runs the sources: they are TypeScript, whose types Node strips since 22.18. Older ones find the newer one that npm installed.
import { createRequire } from "node:module";

/** Whether this Node runs TypeScript. */
export const runsSources = Boolean(process.features.typescript);

/** The Node among the packages: npm brings it on Linux. Undefined elsewhere. */
export function findCarriedNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}
