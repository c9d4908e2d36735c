// Wires the demo page: options and snippet, curl, the comparison of engines, the copy buttons.
import type {} from "../widget/element.ts";
import { wireCompare } from "./compare.ts";
import { wireCopyButtons } from "./copy.ts";
import { showCurl } from "./curl.ts";
import { wireOptions } from "./options.ts";

const widget = document.querySelector("appraise-widget")!;
wireOptions(widget);
wireCompare(widget);
wireCopyButtons();
showCurl(widget, {});
widget.addEventListener("appraise:price", (event) => showCurl(widget, event.detail.row));
