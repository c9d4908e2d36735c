// The model card: one HTML file that says what a model is, how well it does and where it fails; no script, no network.
import { wordsIn } from "#core/dataset/words.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { SectionName } from "#core/tasks/task.ts";
import { accuracySection } from "./accuracy-section.ts";
import { calibrationSection } from "./calibration-section.ts";
import type { CardInput } from "./card-input.ts";
import { type CardView, viewCard } from "./card-view.ts";
import { championSection } from "./champion-section.ts";
import { dataSection } from "./data-section.ts";
import { Html, html } from "./html.ts";
import { importanceSection } from "./importance-section.ts";
import { provenanceSection } from "./provenance-section.ts";
import { residualSection } from "./residual-section.ts";
import { searchSection } from "./search-section.ts";
import { renderSection, type Section } from "./section.ts";
import { style } from "./style.ts";
import { tiles } from "./tiles.ts";

const drawSection: Record<SectionName, (view: CardView) => Section | undefined> = {
  accuracy: accuracySection,
  champion: championSection,
  errors: residualSection,
  intervals: calibrationSection,
  importance: importanceSection,
  search: searchSection,
  data: dataSection,
  provenance: provenanceSection,
};

/**
 * The card as a complete HTML document. Everything about the dataset comes from its spec; every text is escaped, and the page
 * forbids itself scripts and the network. Throws InputError for held-out values that do not fit together.
 */
export function renderCard(input: CardInput): string {
  const view = viewCard(input);
  const { manifest, spec } = view;
  const sections = taskOf(spec)
    .sections.map((name) => drawSection[name](view))
    .filter((section) => section !== undefined);
  const heading = `${wordsIn(spec.title)}: ${manifest.title}`;
  const figuresOf =
    manifest.params.imported === true
      ? "Figures are of held-out rows, which this model may have seen: it was trained elsewhere, and nobody can tell on what."
      : "Figures are of rows that were held out: the model never saw them.";
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${heading} · model card</title>
<style>${new Html(style)}</style>
</head>
<body>
<header>
<h1>${heading}</h1>
<p class="soft">Model card of <code>${manifest.id}</code>, trained ${manifest.trainedAt.slice(0, 10)}. ${figuresOf}</p>
${tiles(view)}
<nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
<main>
${sections.map(renderSection)}
</main>
</body>
</html>
`;
  return page.text;
}
