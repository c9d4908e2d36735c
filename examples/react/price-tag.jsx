// <appraise-widget> inside React 19: attributes as props, events by ref, because React keeps `key` for itself.
import { useEffect, useRef } from "react";

/** The script is loaded once by the page (see index.html of examples/plain), or by `import("https://HOST/widget.js")` here. */
export function PriceTag({ dataset, apiKey, row, onPrice, onError, ...attributes }) {
  const element = useRef(null);

  useEffect(() => {
    const widget = element.current;
    const priced = (event) => onPrice?.(event.detail);
    const failed = (event) => onError?.(event.detail);
    widget.addEventListener("appraise:price", priced);
    widget.addEventListener("appraise:error", failed);
    return () => {
      widget.removeEventListener("appraise:price", priced);
      widget.removeEventListener("appraise:error", failed);
    };
  }, [onPrice, onError]);

  // The element may not be defined yet: what it needs is there once it is.
  useEffect(() => {
    if (!row) return;
    customElements.whenDefined("appraise-widget").then(() => element.current?.setRow(row));
  }, [row]);

  return <appraise-widget ref={element} dataset={dataset} api-key={apiKey} {...attributes} />;
}
