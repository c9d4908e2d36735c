// The copy buttons beside the code.

const shownMs = 2000;

async function copy(button: HTMLButtonElement, label: string): Promise<void> {
  const code = document.getElementById(button.dataset.copy!)!;
  const copied = await navigator.clipboard.writeText(code.textContent ?? "").then(
    () => true,
    () => false,
  );
  // Without clipboard permission, select the code so the visitor can copy it with one key press.
  if (!copied) getSelection()?.selectAllChildren(code);
  button.textContent = copied ? "Copied" : "Selected";
  document.getElementById("copied")!.textContent = copied ? "Copied" : "Selected: copy it with your keyboard";
  setTimeout(() => {
    button.textContent = label;
  }, shownMs);
}

export function wireCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    const label = button.textContent;
    button.addEventListener("click", () => void copy(button, label));
  }
}
