// Defines <appraise-widget>: the file a page loads. Loading it twice, or from two places, harms nothing.
import { AppraiseWidget } from "./appraise-widget.ts";

declare global {
  interface HTMLElementTagNameMap {
    "appraise-widget": AppraiseWidget;
  }
}

if (!customElements.get("appraise-widget")) customElements.define("appraise-widget", AppraiseWidget);
