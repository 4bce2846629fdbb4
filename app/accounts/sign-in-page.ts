import { html } from "ghtml";
import { layout } from "../pages/layout.ts";
import type { SignInOutcome } from "./sign-in.ts";

export interface SignInForm {
  readonly formToken: string;
  readonly identifier: string;
  /** The path to go to afterwards, already checked; empty for the start page. */
  readonly next: string;
  readonly outcome?: Exclude<SignInOutcome, { kind: "signed in" }>;
}

const messages: Readonly<Record<NonNullable<SignInForm["outcome"]>["kind"], string>> = {
  refused: "The name and password do not fit, or the account cannot be used. Check both and try again.",
  "reset required": "Your password has to be reset before you can sign in. Please ask for a reset.",
  "system wanted": "You have accounts in several systems. Choose one, and enter the password again.",
  "user name wanted": "Several accounts have this e-mail. Sign in with the user name.",
};

/** The sign-in page; after a failure with its reason, and never with the password. */
export function signInPage(form: SignInForm): string {
  const { outcome } = form;
  const systems = outcome?.kind === "system wanted" ? outcome.systems : [];
  return layout({
    title: "Sign in",
    body: html`!${outcome === undefined ? "" : html`<p class="note bad" role="alert" id="fault">${messages[outcome.kind]}</p>`}
      <form method="post" action="/sign-in" class="entry">
        <input type="hidden" name="token" value="${form.formToken}" />
        <input type="hidden" name="next" value="${form.next}" />
        <label for="identifier">User name or e-mail</label>
        <input
          id="identifier"
          name="identifier"
          value="${form.identifier}"
          dir="auto"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          maxlength="254"
          !${outcome === undefined ? "" : 'aria-describedby="fault"'}
        />
        !${systems.length === 0 ? "" : systemChoice(systems)}<label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxlength="4096"
        />
        <button class="main">Sign in</button>
      </form>`,
  });
}

function systemChoice(systems: readonly { readonly name: string; readonly title: string }[]): string {
  return html`<fieldset>
    <legend>System</legend>
    !${systems.map(
      ({ name, title }) => html`<label><input type="radio" name="system" value="${name}" required /> ${title}</label>`,
    )}
  </fieldset> `;
}
