// Defines <appraise-widget> and `appraise`: the file a page loads. Loading it twice, or from two places, harms nothing.
import { AppraiseWidget } from "./appraise-widget.ts";
import type { AppraiseCalls } from "./element.ts";
import { addLanguage } from "./languages/index.ts";
import { render } from "./render.ts";

const calls: AppraiseCalls = { render, addLanguage };

export { calls as appraise };

if (!customElements.get("appraise-widget")) {
  customElements.define("appraise-widget", AppraiseWidget);
  window.appraise ??= calls;
}
