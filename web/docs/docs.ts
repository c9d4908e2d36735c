// Opens the API description of this very origin in Swagger UI, which index.html has loaded from beside this page.

interface SwaggerOptions {
  readonly url: string;
  readonly domNode: Element;
  readonly deepLinking: boolean;
  /** null: no badge of an outside validator. */
  readonly validatorUrl: null;
  readonly tryItOutEnabled: boolean;
  readonly defaultModelsExpandDepth: number;
}

declare const SwaggerUIBundle: (options: SwaggerOptions) => unknown;

// Swagger UI goes dark by a class on the root, not by the system's preference.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.querySelector("#swagger-ui")!,
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
