import { createHash } from "node:crypto";

/** The one style sheet. Colours meet a contrast of 4.5 to 1 in both schemes; tables become lists on narrow screens. */
export const styles = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #f2f4f7; --line: #c9d0d9; --link: #0b57a4;
  --good: #1a6b32; --bad: #a8202a; --muted: #525c69; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #14171b; --soft: #1f242a; --line: #434c57;
  --link: #8cc2ff; --good: #7bd694; --bad: #ff9ba0; --muted: #aab4c0; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--paper); }
.skip:focus { left: 0; top: 0; z-index: 1; }
header { background: var(--soft); border-bottom: 1px solid var(--line); }
header > div, main, footer { max-width: 72rem; margin: 0 auto; padding: .75rem 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; }
header strong { font-size: 1.125rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .5rem 0; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
header form { margin-inline-start: auto; }
footer { color: var(--muted); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: start; font-weight: 600; padding: .5rem 0; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: break-word; }
td bdi, th bdi, td code { overflow-wrap: anywhere; }
thead th { color: var(--muted); font-weight: 600; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
progress { width: 100%; min-width: 6rem; max-width: 16rem; height: .75rem; accent-color: var(--link); }
td progress { width: 7rem; min-width: 4rem; }
label, legend { display: block; font-weight: 600; margin: .75rem 0 .25rem; }
fieldset { border: 1px solid var(--line); margin: .75rem 0; padding: .25rem .75rem .75rem; }
fieldset label { font-weight: 400; margin: .25rem 0; }
input:not([type=radio]), select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--muted);
  border-radius: .25rem; padding: .5rem .75rem; min-height: 2.75rem; max-width: 100%; }
.entry input:not([type=radio]) { width: 100%; }
.entry { max-width: 24rem; }
.filter { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: end; }
button { cursor: pointer; background: var(--soft); }
.main { background: var(--link); border-color: var(--link); color: var(--paper); font-weight: 600; margin-top: 1rem; }
.note { border-inline-start: .25rem solid var(--muted); background: var(--soft); padding: .75rem 1rem; }
.note.bad { border-color: var(--bad); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.muted { color: var(--muted); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .75rem; margin: .25rem 0; font-size: .875rem; }
code { overflow-wrap: anywhere; }
.hits { list-style: none; margin: 0; padding: 0; }
.hits h2 { font-size: 1.125rem; margin: 1.5rem 0 0; }
.hits p { margin: .25rem 0; overflow-wrap: anywhere; }
mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; }
.picture { max-width: 12rem; max-height: 12rem; border-radius: .25rem; }
.pages { display: flex; gap: 1.5rem; align-items: center; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  th, td { border: 0; padding: .125rem 0; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); }
  .number { text-align: start; }
}
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0b57a4" d="M8 1l2 7h5l-7 7-7-7h5z"/></svg>`;

/** A file that pages refer to; its path holds its content's hash, so that it may be kept for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

function asset(name: string, type: string, content: string): Asset {
  const [stem = "", ending = ""] = name.split(".");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { path: `/assets/${stem}.${hash}.${ending}`, type, content };
}

export const styleSheet = asset("styles.css", "text/css; charset=utf-8", styles);
export const iconImage = asset("icon.svg", "image/svg+xml", icon);
