// The options of the demo page. Each changes the live widget and the snippet; the key changes only the snippet.
import { type Release, writeSnippet } from "./snippet.ts";

const shownNames = ["engine", "size", "theme", "locale"] as const;
/** A publishable key works only on its own origins, and this page is not one of them. */
const snippetNames = [...shownNames, "key"] as const;

/** The versioned widget file; undefined if widget.json cannot be read, and the snippet then uses the newest. */
async function findRelease(): Promise<Release | undefined> {
  const answer = await fetch("/widget.json").catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as Release) : undefined;
}

export function wireOptions(widget: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("#options")!;
  const embed = document.getElementById("embed")!;
  let release: Release | undefined;

  const chosen = (name: string) => String(new FormData(form).get(name) ?? "").trim();

  function show(): void {
    embed.textContent = writeSnippet({
      origin: location.origin,
      dataset: widget.getAttribute("dataset") ?? "",
      release: chosen("version") === "newest" ? undefined : release,
      attributes: Object.fromEntries(snippetNames.map((name) => [name, chosen(name)])),
      accent: chosen("accent"),
    });
  }

  function apply(): void {
    for (const name of shownNames) {
      const value = chosen(name);
      if (value === "") widget.removeAttribute(name);
      else if (value !== widget.getAttribute(name)) widget.setAttribute(name, value);
    }
    widget.style.setProperty("--appraise-accent", chosen("accent"));
    show();
  }

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The switch inside the widget changes the engine too.
  new MutationObserver(() => {
    const engine = widget.getAttribute("engine") ?? "";
    const radio = form.querySelector<HTMLInputElement>(`[name=engine][value="${engine}"]`);
    if (radio && !radio.checked) {
      radio.checked = true;
      show();
    }
  }).observe(widget, { attributeFilter: ["engine"] });
  // Browsers keep form values over a reload, so the form wins over the tag.
  apply();
  void findRelease().then((found) => {
    release = found;
    show();
  });
}
