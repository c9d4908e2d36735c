// Observable Plot, in a file of its own so that the page is there before its charts are.
import * as Plot from "@observablehq/plot";

export const plotter = {
  plot: Plot.plot,
  dot: Plot.dot,
  line: Plot.line,
  link: Plot.link,
  rect: Plot.rect,
  barX: Plot.barX,
  ruleX: Plot.ruleX,
  ruleY: Plot.ruleY,
};

export type Plotter = typeof plotter;
export type { PlotOptions } from "@observablehq/plot";
