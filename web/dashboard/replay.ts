// Sends a logged prediction again to the same model and compares every digit.
import type { LoggedRequest, Prediction } from "./answers.ts";
import { askJson, query } from "./api.ts";

type Price = Pick<Prediction, "prediction" | "model"> & { readonly interval?: Prediction["interval"] | null };

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

export interface LoggedPrice {
  readonly row: Readonly<Record<string, number | string>>;
  readonly answer: Price;
}

/** Row and price of a logged prediction; undefined for any other request, and if the log truncated either body. */
export function findPrice({
  method,
  route,
  status,
  requestBody,
  responseBody,
}: LoggedRequest): LoggedPrice | undefined {
  if (method !== "POST" || !route.endsWith("/predict") || status !== 200) return undefined;
  const [row, answer] = [parse(requestBody), parse(responseBody)] as [
    LoggedPrice["row"] | null,
    Partial<Price> | null,
  ];
  const isWhole =
    typeof row === "object" && row !== null && typeof answer?.prediction === "number" && answer.model?.id;
  return isWhole ? { row, answer: answer as Price } : undefined;
}

/** The differences in words; empty if every digit is the same. Throws ApiFault if the row cannot be priced. */
export async function replay(dataset: string, { row, answer }: LoggedPrice): Promise<string[]> {
  const path = `/v1/${encodeURIComponent(dataset)}/predict`;
  const again = await askJson<Price>(
    `${path}${query({ model: answer.model.id, coverage: answer.interval?.coverage })}`,
    { body: row },
  );
  const numbers = ({ prediction, interval }: Price) => ({
    "the price": prediction,
    "the low end": interval?.low,
    "the high end": interval?.high,
  });
  const after = numbers(again);
  const before = Object.entries(numbers(answer)) as [keyof typeof after, number | undefined][];
  return before
    .filter(([name, value]) => !Object.is(value, after[name]))
    .map(([name, value]) => `${name} was ${value} and is ${after[name]}`);
}
