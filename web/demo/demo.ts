// The demo page's own moving parts: the snippet and the curl with this page's address, and their copy buttons.
import type { AppraiseEvents } from "../widget/events.ts";

const { origin } = location;
const widget = document.querySelector("#live")!;
const dataset = widget.getAttribute("dataset") ?? "";
const text = (id: string, content: string) => {
  document.getElementById(id)!.textContent = content;
};

/** A string inside single quotes as a POSIX shell reads it. */
const shellQuoted = (content: string) => `'${content.replaceAll("'", `'\\''`)}'`;

function showCurl(row: AppraiseEvents["appraise:price"]["row"]): void {
  const lines = [
    `curl ${origin}/v1/${dataset}/predict`,
    `-H 'content-type: application/json'`,
    `-d ${shellQuoted(JSON.stringify(row))}`,
  ];
  text("curl", lines.join(" \\\n  "));
}

text(
  "embed",
  [
    `<script type="module" src="${origin}/widget.js"></script>`,
    `<appraise-widget dataset="${dataset}"></appraise-widget>`,
  ].join("\n"),
);
showCurl({});
widget.addEventListener("appraise:price", (event) =>
  showCurl((event as CustomEvent<AppraiseEvents["appraise:price"]>).detail.row),
);

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const code = document.getElementById(button.dataset.copy!)!;
    const copied = await navigator.clipboard.writeText(code.textContent ?? "").then(
      () => true,
      () => false,
    );
    // Without the permission to write, select it: one key press is left to the visitor.
    if (!copied) getSelection()?.selectAllChildren(code);
    button.textContent = copied ? "Copied" : "Selected";
    text("copied", copied ? "Copied" : "Selected: copy it with your keyboard");
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}
