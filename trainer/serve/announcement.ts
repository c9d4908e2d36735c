// What is told once a dataset can be priced: every address, and one real price.
import { type Call, sendOnce } from "../../sdk/send-once.ts";
import type { Session } from "./own-commands.ts";

interface Feature {
  readonly name: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly levels?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const timeoutMs = 10_000;

/** Once: whoever asks asks again in a moment. */
function ask({ origin, token }: Session, call: Call): Promise<Response> {
  return sendOnce({ url: origin, timeoutMs }, call, token);
}

/** The example of the spec, or else a value that it allows: it is there to show an answer, not to be typical. */
function exampleOf({ example, levels, minimum, maximum }: Feature): unknown {
  if (example !== undefined && example !== null) return example;
  if (levels) return levels[0];
  return ((minimum ?? 0) + (maximum ?? (minimum ?? 0) + 2)) / 2;
}

/** The row of the printed curl: the spec's required features, or all where none is required. */
async function exampleRow(session: Session, dataset: string): Promise<string> {
  const answer = await ask(session, { method: "GET", path: `/v1/${dataset}` });
  const { spec } = (await answer.json()) as { spec: { features: readonly Feature[] } };
  const required = spec.features.filter((feature) => feature.required);
  const shown = required.length > 0 ? required : spec.features;
  return JSON.stringify(Object.fromEntries(shown.map((feature) => [feature.name, exampleOf(feature)])));
}

/** Resolves with the example row's price once the dataset has a champion that answers; undefined while it has none. */
export async function findPrice(session: Session, dataset: string): Promise<string | undefined> {
  const path = `/v1/${dataset}/predict`;
  try {
    const body = await exampleRow(session, dataset);
    const headers = { "content-type": "application/json" };
    const answer = await ask(session, { method: "POST", path, headers, body });
    return `curl -s ${session.origin}${path} -H 'content-type: application/json' -d '${body}'\n  ${await answer.text()}`;
  } catch {
    return undefined;
  }
}

/** The addresses, how to sign in, the widget to embed, and the price. */
export async function describeServer(session: Session, dataset: string, priced: string): Promise<string> {
  const { origin, token, place } = session;
  const answer = await ask(session, { method: "GET", path: "/widget.json" });
  const widget = (await answer.json()) as { path: string; integrity: string };
  return `
  demo page      ${origin}/
  dashboard      ${origin}/dashboard/
  API docs       ${origin}/docs/
  OpenAPI 3.1    ${origin}/openapi.json
  admin token    ${token}   (in ${place.secrets})
  log in (once)  APPRAISE_BOOTSTRAP_SECRET=$(sed -n 's/^BOOTSTRAP_SECRET=//p' ${place.secrets}) npx appraise login --bootstrap --user <you> --url ${origin}

  <script type="module" src="${origin}${widget.path}" integrity="${widget.integrity}"></script>
  <appraise-widget dataset="${dataset}"></appraise-widget>

  ${priced}
`;
}
