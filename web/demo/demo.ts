// The demo page's own moving parts, each in its file: the datasets, the options and their snippet, the curl, the engines side by side, the copy buttons.
import type {} from "../widget/element.ts";
import { wireCompare } from "./compare.ts";
import { wireCopyButtons } from "./copy.ts";
import { showCurl } from "./curl.ts";
import { wireDatasets } from "./datasets.ts";
import { wireOptions } from "./options.ts";

const widget = document.querySelector("appraise-widget")!;
wireOptions(widget);
void wireDatasets(widget);
wireCompare(widget);
wireCopyButtons();
showCurl(widget, {});
widget.addEventListener("appraise:price", (event) => showCurl(widget, event.detail.row));
