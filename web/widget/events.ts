// The events a page can listen to, with what each carries.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { EngineName, GivenRow, Price } from "../engines/engine.ts";
import type { Failure } from "../engines/failure.ts";

export interface AppraiseEvents {
  /** The form stands: the spec has come. `modelId` is undefined where nothing is published. */
  "appraise:ready": { readonly spec: DatasetSpec; readonly modelId: string | undefined };
  "appraise:price": Price & { readonly row: GivenRow; readonly engine: EngineName };
  "appraise:error": Pick<Failure, "kind" | "message" | "errors" | "status">;
}

declare global {
  interface HTMLElementEventMap {
    "appraise:ready": CustomEvent<AppraiseEvents["appraise:ready"]>;
    "appraise:price": CustomEvent<AppraiseEvents["appraise:price"]>;
    "appraise:error": CustomEvent<AppraiseEvents["appraise:error"]>;
  }
}

/** Dispatches an event that crosses the shadow root and bubbles through the page. */
export function emit<K extends keyof AppraiseEvents>(
  target: EventTarget,
  name: K,
  detail: AppraiseEvents[K],
) {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
