// Where the model comes from: everything needed to make it again or to trace it.
import type { CardView } from "./card-view.ts";
import { html } from "./html.ts";
import { formatSeconds } from "./number-format.ts";
import type { Section } from "./section.ts";

/** Ids, hashes, parameters, seed, environment. */
export function provenanceSection({ manifest, spec }: CardView): Section {
  const { data, environment } = manifest;
  const entries: [string, string, "code" | "text"][] = [
    ["Model", manifest.id, "code"],
    ["Family", `${manifest.family}: ${manifest.title}`, "text"],
    ["Trained", `${manifest.trainedAt}, in ${formatSeconds(manifest.seconds)}`, "text"],
    ["Replaces", manifest.parent ?? "nothing: the first model", "code"],
    ["Dataset", `${manifest.dataset}, version ${spec.version}`, "text"],
    ["Spec", manifest.specHash, "code"],
    ["Rows", data.sha256, "code"],
    ["Seed", String(manifest.seed), "code"],
    ["Parameters", JSON.stringify(manifest.params), "code"],
    ["Code", environment.code, "code"],
    ["Node", `${environment.node} on ${environment.platform}`, "text"],
  ];
  return {
    id: "provenance",
    title: "Provenance",
    lead: "The same rows, spec, parameters, seed and code give the same model.",
    after: html`<dl>${entries.map(
      ([
        name,
        value,
        kind,
      ]) => html`<dt>${name}</dt><dd>${kind === "code" ? html`<code>${value}</code>` : value}</dd>
`,
    )}</dl>`,
  };
}
