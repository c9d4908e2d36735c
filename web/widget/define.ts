// Defines <appraise-widget> and `appraise`: the file a page loads. Loading it twice, or from two places, harms nothing.
import { AppraiseWidget } from "./appraise-widget.ts";
import { addLanguage } from "./languages/index.ts";
import { render } from "./render.ts";

/** What a page calls: from `import { appraise } from ".../widget.js"`, or as the global of that name. */
const calls = { render, addLanguage } as const;

export { calls as appraise };

declare global {
  interface HTMLElementTagNameMap {
    "appraise-widget": AppraiseWidget;
  }
  interface Window {
    appraise?: typeof calls;
  }
}

if (!customElements.get("appraise-widget")) {
  customElements.define("appraise-widget", AppraiseWidget);
  window.appraise ??= calls;
}
