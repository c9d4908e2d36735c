// The ways to a model's card and a dataset's report: a page where the dataset is public, a file fetched with the token where it is not.
import { html } from "lit";
import { ask } from "./api.ts";
import { faultWords } from "./fault-words.ts";

async function download(path: string, name: string, place: HTMLElement): Promise<void> {
  try {
    const answer = await ask(path, { headers: { accept: "text/html" } });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    place.textContent = faultWords(error);
  }
}

/** A link cannot carry a token, and a card shown on our own origin could run as ours: a card that is not public is a file. */
export function cardLink(dataset: string, id: string, open: boolean) {
  const path = `/v1/${encodeURIComponent(dataset)}/models/${id}/card`;
  if (open) return html`<a href=${path} aria-label=${`Model card of ${id}`}><code>${id}</code></a>`;
  const fetchIt = (event: Event) => void download(path, `${id}.html`, event.currentTarget as HTMLElement);
  return html`<button type="button" class="link" aria-label=${`Download the model card of ${id}`} @click=${fetchIt}><code>${id}</code></button>`;
}

/** The data report of a dataset; it may have none yet, which the server then says. */
export function reportLink(dataset: string, open: boolean) {
  const path = `/v1/${encodeURIComponent(dataset)}/report`;
  if (open) return html`<a href=${path}>Data report</a>`;
  const fetchIt = (event: Event) =>
    void download(path, `${dataset}-report.html`, event.currentTarget as HTMLElement);
  return html`<button type="button" class="link" @click=${fetchIt}>Data report</button>`;
}
