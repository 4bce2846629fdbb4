import { html } from "ghtml";
import { iconImage, styleSheet } from "./styles.ts";

/** Who looks at a page, as far as its frame shows it. */
export interface Viewer {
  readonly name: string;
  readonly isOperator: boolean;
  /** The token for the sign-out form. */
  readonly formToken: string;
}

export interface Page {
  readonly title: string;
  /** The page's HTML below its heading. */
  readonly body: string;
  readonly viewer?: Viewer;
  /** The path of the menu entry that the page belongs to. */
  readonly section?: string;
  /** The page asks for itself again after this time; only where the viewer has wished so. */
  readonly refreshSeconds?: number;
}

const menu = [
  { path: "/courses", title: "Courses", forOperators: false },
  { path: "/contacts", title: "Contacts", forOperators: false },
  { path: "/lists", title: "Lists", forOperators: false },
  { path: "/documents", title: "Documents", forOperators: false },
  { path: "/conversations", title: "Conversations", forOperators: false },
  { path: "/notifications", title: "Notifications", forOperators: false },
  { path: "/search", title: "Search", forOperators: false },
  { path: "/account", title: "Account", forOperators: false },
  { path: "/console", title: "Migration", forOperators: true },
  { path: "/console/deployments", title: "Deployments", forOperators: true },
  { path: "/console/health", title: "Health", forOperators: true },
] as const;

/** A whole page: frame, menu, heading, body. */
export function layout(page: Page): string {
  const { title, body, viewer, section, refreshSeconds } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        !${refreshSeconds === undefined ? "" : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title} – Landfall</title>
        <link rel="stylesheet" href="!${styleSheet.path}" />
        <link rel="icon" href="!${iconImage.path}" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <div><strong>Landfall</strong>!${viewer === undefined ? "" : navigation(viewer, section)}</div>
        </header>
        <main id="main" tabindex="-1">
          <h1 dir="auto">${title}</h1>
          !${body}
        </main>
      </body>
    </html> `;
}

function navigation(viewer: Viewer, section: string | undefined): string {
  const entries = menu.filter(({ forOperators }) => viewer.isOperator || !forOperators);
  return html`<nav aria-label="Main">
      <ul>
        !${entries.map(
          ({ path, title }) =>
            html`<li><a href="${path}" !${path === section ? 'aria-current="page"' : ""}>${title}</a></li>`,
        )}
      </ul>
    </nav>
    <form method="post" action="/sign-out">
      <input type="hidden" name="token" value="${viewer.formToken}" />
      <button>Sign out <span dir="auto">${viewer.name}</span></button>
    </form>`;
}
