// <dash-sign-in>: sign-in by name and password, or by token or key. Credentials stay in this tab.
import { html, LitElement, nothing } from "lit";
import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import { faultWords } from "./fault-words.ts";
import { isDenial, session } from "./session.ts";

/** faultWords would say "sign in to see this", which makes no sense here. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof InputError) return error.message;
  return error instanceof ApiFault && isDenial(error) ? error.detail : undefined;
}

export class DashSignIn extends LitElement {
  static override readonly properties = {
    how: { state: true },
    fault: { state: true },
    busy: { state: true },
  };
  declare private how: "password" | "token";
  declare private fault: string | undefined;
  declare private busy: boolean;

  constructor() {
    super();
    this.how = "password";
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("dash:close"));
  };

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const given = (name: string) => String(form.get(name) ?? "");
    this.busy = true;
    this.fault = undefined;
    try {
      if (this.how === "password") await session.signIn(given("name"), given("password"));
      else await session.useToken(given("token"));
      this.#close();
    } catch (error) {
      const refusal = refusalOf(error);
      this.fault = refusal ? `Sign-in failed: ${refusal}.` : faultWords(error);
    }
    this.busy = false;
  }

  #password() {
    return html`<label class="field"><span>Name</span><input name="name" autocomplete="username" required autofocus /></label>
      <label class="field"><span>Password</span><input name="password" type="password" autocomplete="current-password" required /></label>`;
  }

  #token() {
    return html`<label class="field"><span>Token or API key</span>
      <input name="token" type="password" autocomplete="off" spellcheck="false" required autofocus /></label>
      <p class="aside">An access token, an API key (<code>apk_…</code>), or the admin token that <code>npm start</code> prints.</p>`;
  }

  #tab(how: "password" | "token", title: string) {
    const choose = () => {
      this.how = how;
      this.fault = undefined;
    };
    return html`<label class="choice"><input type="radio" name="how" .checked=${this.how === how} @change=${choose} /><span>${title}</span></label>`;
  }

  // Escape closes like the button, so the opener gets its event.
  readonly #cancel = (event: Event): void => {
    event.preventDefault();
    this.#close();
  };

  protected override render() {
    return html`<dialog aria-labelledby="sign-in-title" @cancel=${this.#cancel}>
      <form @submit=${this.#submit}>
        <h2 id="sign-in-title">Sign in</h2>
        <fieldset class="choices"><legend class="unseen">How</legend>${this.#tab("password", "Password")}${this.#tab("token", "Token or key")}</fieldset>
        ${this.how === "password" ? this.#password() : this.#token()}
        <p class="fault" role="alert">${this.fault ?? nothing}</p>
        <p class="aside">Kept only in this tab, until you close it.</p>
        <div class="actions">
          <button type="submit" class="main" ?disabled=${this.busy}>Sign in</button>
          <button type="button" class="quiet" @click=${this.#close}>Cancel</button>
        </div>
      </form>
    </dialog>`;
  }
}
