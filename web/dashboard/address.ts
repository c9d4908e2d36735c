// The dashboard's address, #/<dataset>/<view>/<at>, so links and the back button work.
export const views = {
  models: "Models",
  ledger: "Ledger",
  compare: "Compare",
  jobs: "Jobs",
  requests: "Requests",
  quality: "Quality",
  health: "Health",
} as const;

export type ViewName = keyof typeof views;

export interface Address {
  readonly dataset: string | undefined;
  readonly view: ViewName;
  /** An item of the view: a model to compare with, a request, a job. */
  readonly at: string | undefined;
}

const isView = (text: string | undefined): text is ViewName =>
  text !== undefined && Object.hasOwn(views, text);

function decode(text: string | undefined): string | undefined {
  try {
    return text ? decodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
}

export function readAddress(hash: string): Address {
  const [dataset, view, at] = hash.replace(/^#\/?/, "").split("/").map(decode);
  return { dataset, view: isView(view) ? view : "models", at };
}

export function addressOf(dataset: string, view: ViewName, at?: string): string {
  const parts = [dataset, view, ...(at === undefined ? [] : [at])];
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}
