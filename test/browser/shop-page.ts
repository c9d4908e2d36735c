// A shop's page with the widget in it, and what the records hold that is like its gem.

export const comparables = [1, 2, 3].map((id) => ({
  ...{ id, features: { weight: 1 + id / 100, grade: "A" }, target: 1000 * id },
  ...{ distance: id / 100, exact: id < 3 },
  differs: id < 3 ? [] : [{ feature: "grade", wanted: "A", found: "B", steps: 1 }],
}));

/** HTML with one widget of these attributes, from `source`, or from where the page itself is. */
export function shop(attributes = "", source = "", around = ["", ""]): string {
  return `<!doctype html><html lang="en"><title>Shop</title>
    <script type="module" src="${source}/widget.js"></script>
    <main><h1>Shop</h1>${around[0]}<appraise-widget dataset="gems" ${attributes}></appraise-widget>${around[1]}</main>`;
}
