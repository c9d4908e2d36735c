// The report's charts as SVG text: bars, quartiles, a matrix and a map, coloured by the style sheet, read out by their label.
import { Html, html } from "../../../card/html.ts";

const width = 360;
const left = 8;

const fixed = (value: number) => Number(value.toFixed(1));

function frame(height: number, label: string, marks: string): Html {
  const open = html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">`;
  return new Html(`${open.text}${marks}</svg>`);
}

const escaped = (text: string) => html`${text}`.text;

function words(x: number, y: number, anchor: "start" | "middle" | "end", text: string): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

/** Bars of a histogram, with what stands at both ends of the axis and in its middle. */
export function drawHistogram(counts: readonly number[], ticks: readonly string[], label: string): Html {
  const most = Math.max(1, ...counts);
  const step = (width - 2 * left) / counts.length;
  const bars = counts.map((count, place) => {
    const height = count === 0 ? 0 : Math.max(1, (110 * count) / most);
    return `<rect x="${fixed(left + place * step + 0.5)}" y="${fixed(114 - height)}" width="${fixed(Math.max(1, step - 1))}" height="${fixed(height)}"/>`;
  });
  const [low, middle, high] = ticks;
  const axis = `<path class="axis" d="M${left} 114.5H${width - left}"/>`;
  const text =
    words(left, 130, "start", low) +
    words(width / 2, 130, "middle", middle) +
    words(width - left, 130, "end", high);
  return frame(136, label, bars.join("") + axis + text);
}

/** Horizontal bars: label, share of the longest from 0 to 1, and the figure behind it. */
export function drawBars(
  bars: readonly { readonly label: string; readonly share: number; readonly figure: string }[],
  label: string,
): Html {
  const marks = bars.map(({ label: name, share, figure }, place) => {
    const y = 4 + place * 20;
    const shown = name.length > 20 ? `${name.slice(0, 19)}…` : name;
    return (
      words(132, y + 12, "end", shown) +
      `<rect x="138" y="${y}" width="${fixed(Math.max(1, 150 * share))}" height="15"/>` +
      words(143 + 150 * share, y + 12, "start", figure)
    );
  });
  return frame(bars.length * 20 + 8, label, marks.join(""));
}

export interface Quartiles {
  readonly label: string;
  /** Places of the quartiles from 0 to 1. */
  readonly places: readonly number[];
}

/** Quartiles of the target by group: a bar from the first to the third, a stroke at the median. */
export function drawQuartiles(
  groups: readonly Quartiles[],
  ends: readonly [string, string],
  label: string,
): Html {
  const at = (place: number) => 138 + 210 * place;
  const marks = groups.map(({ label: name, places: [first, median, third] }, row) => {
    const y = 4 + row * 20;
    const shown = name.length > 20 ? `${name.slice(0, 19)}…` : name;
    return (
      words(132, y + 12, "end", shown) +
      `<rect class="band" x="${fixed(at(first))}" y="${y + 2}" width="${fixed(Math.max(1, 210 * (third - first)))}" height="12"/>` +
      `<rect class="second" x="${fixed(at(median) - 1.5)}" y="${y}" width="3" height="16"/>`
    );
  });
  const bottom = groups.length * 20 + 18;
  const axis = words(138, bottom, "start", ends[0]) + words(348, bottom, "end", ends[1]);
  return frame(bottom + 6, label, marks.join("") + axis);
}

/** Shares of classes by group, stacked to the full width. */
export function drawShares(
  groups: readonly { readonly label: string; readonly shares: readonly number[] }[],
  label: string,
): Html {
  const marks = groups.map(({ label: name, shares }, row) => {
    const y = 4 + row * 20;
    const shown = name.length > 20 ? `${name.slice(0, 19)}…` : name;
    let x = 138;
    const parts = shares.map((share, place) => {
      const part = `<rect class="class-${place % 6}" x="${fixed(x)}" y="${y}" width="${fixed(210 * share)}" height="15"/>`;
      x += 210 * share;
      return part;
    });
    return words(132, y + 12, "end", shown) + parts.join("");
  });
  return frame(groups.length * 20 + 8, label, marks.join(""));
}

/** A lower triangle of strengths; the darker the stronger. */
export function drawMatrix(
  names: readonly string[],
  strengths: readonly (readonly number[])[],
  label: string,
): Html {
  const side = Math.min(22, (width - 120) / Math.max(1, names.length));
  const marks = strengths.flatMap((row, y) => {
    const name = names[y].length > 17 ? `${names[y].slice(0, 16)}…` : names[y];
    const cells = [...row, 1].map(
      (strength, x) =>
        `<rect x="${fixed(114 + x * side)}" y="${fixed(4 + y * side)}" width="${fixed(side - 0.6)}" height="${fixed(side - 0.6)}" opacity="${strength.toFixed(2)}"/>`,
    );
    return side >= 9 ? [words(108, 4 + y * side + side / 2 + 4, "end", name), ...cells] : cells;
  });
  return frame(Math.ceil(names.length * side) + 10, label, marks.join(""));
}

/** Points on a plain grid of degrees, north up; a degree of longitude is as long as the latitude makes it. */
export function drawMap(points: readonly (readonly number[])[], label: string): Html {
  const norths = points.map(([north]) => north);
  const easts = points.map(([, east]) => east);
  const [south, north] = [Math.min(...norths), Math.max(...norths)];
  const [west, east] = [Math.min(...easts), Math.max(...easts)];
  const narrowing = Math.max(0.05, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const scale = Math.min(
    (width - 40) / Math.max(1e-6, (east - west) * narrowing),
    320 / Math.max(1e-6, north - south),
  );
  const height = Math.ceil((north - south) * scale) + 44;
  const marks = points.map(([lat, lon, rank]) => {
    const hue = rank === undefined ? "" : ` class="rank-${Math.min(4, Math.floor(5 * rank))}"`;
    return `<circle${hue} cx="${fixed(20 + (lon - west) * narrowing * scale)}" cy="${fixed(12 + (north - lat) * scale)}" r="2.2"/>`;
  });
  const degrees = (value: number) => `${value.toFixed(2)}°`;
  const kilometres = ((east - west) * narrowing * 111.2).toPrecision(2);
  const text =
    words(20, height - 10, "start", `${degrees(south)}, ${degrees(west)}`) +
    words(
      width - 20,
      height - 10,
      "end",
      `${degrees(north)}, ${degrees(east)} · ${Number(kilometres)} km wide`,
    );
  return frame(height, label, marks.join("") + text);
}
