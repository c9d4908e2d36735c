// The switch between the public datasets: the widget, the snippet and the curl follow; the address keeps the choice.

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly public: boolean;
  readonly champion: string | null;
}

/** Public datasets that have a model; none where the service does not answer: the page then shows the one it was made with. */
async function findDatasets(): Promise<Listed[]> {
  try {
    const answer = await fetch("/v1/datasets");
    if (!answer.ok) return [];
    const { items } = (await answer.json()) as { items: Listed[] };
    return items.filter((one) => one.public && one.champion !== null);
  } catch {
    return [];
  }
}

function choiceOf({ name, title }: Listed, chosen: string): HTMLLabelElement {
  const label = document.createElement("label");
  const radio = Object.assign(document.createElement("input"), {
    type: "radio",
    name: "dataset",
    value: name,
    checked: name === chosen,
  });
  const text = document.createElement("span");
  text.textContent = title;
  label.append(radio, text);
  return label;
}

/** Takes the dataset of the address where it is a public one; shows the switch where there is more than one to choose from. */
export async function wireDatasets(widget: HTMLElement): Promise<void> {
  const place = document.querySelector<HTMLFieldSetElement>("#datasets")!;
  const datasets = await findDatasets();
  const names = datasets.map(({ name }) => name);
  const wanted = new URLSearchParams(location.search).get("dataset");
  const present = widget.getAttribute("dataset") ?? "";
  const chosen = [wanted, present, names[0]].find((name) => name && names.includes(name)) ?? present;
  if (chosen !== present) widget.setAttribute("dataset", chosen);
  if (datasets.length < 2) return;
  place.append(...datasets.map((one) => choiceOf(one, chosen)));
  place.hidden = false;
  place.addEventListener("change", (event) => {
    const { value } = event.target as HTMLInputElement;
    widget.setAttribute("dataset", value);
    const address = new URL(location.href);
    address.searchParams.set("dataset", value);
    history.replaceState(null, "", address);
  });
}
