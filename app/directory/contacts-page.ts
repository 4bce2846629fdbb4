import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type { Contact } from "./contacts.ts";
import type { Family, FamilyMember } from "./families.ts";
import type { PastSearch } from "./searches.ts";

export interface ContactsContent {
  /** What the contacts were looked through for; empty for all. */
  readonly text: string;
  readonly contacts: Paged<Contact>;
  readonly families: readonly Family[];
  readonly searches: readonly PastSearch[];
}

const missing = "–";
const orMissing = (text: string | undefined): string => (text === undefined ? missing : userText(text));
/** A name, of which a contact may have none. */
const nameOf = (name: string | undefined): string =>
  name === undefined ? "(contact gone)" : name.trim() === "" ? "(no name)" : userText(name);

const contactColumns: readonly Column<Contact>[] = [
  { heading: "Name", cell: ({ name }) => nameOf(name) },
  { heading: "Phone", cell: ({ phone }) => orMissing(phone) },
  { heading: "E-mail", cell: ({ email }) => orMissing(email) },
  { heading: "Address", cell: ({ address }) => orMissing(address) },
  { heading: "Category", cell: ({ category }) => orMissing(category) },
  { heading: "Tags", cell: ({ tags }) => (tags.length === 0 ? missing : tags.map(userText).join(", ")) },
  { heading: "Status", cell: ({ status }) => plainText(status) },
  { heading: "Images", cell: ({ images }) => plainText(formatNumber(images)), isNumber: true },
];

const memberColumns: readonly Column<FamilyMember>[] = [
  { heading: "Member", cell: ({ name }) => nameOf(name) },
  { heading: "Role", cell: ({ role }) => orMissing(role) },
  { heading: "Born", cell: ({ born }) => (born === undefined ? missing : plainText(born)) },
  {
    heading: "Is",
    cell: ({ relationships }) =>
      relationships.length === 0
        ? missing
        : relationships.map(({ kind, to }) => html`!${userText(kind)} of !${nameOf(to)}`).join("; "),
  },
];

/** The page with a user's phone book, families, and what she has looked for. */
export function contactsPage(viewer: Viewer, user: User, content: ContactsContent): string {
  const { text, contacts, families, searches } = content;
  const searchColumns: readonly Column<PastSearch>[] = [
    { heading: "Looked for", cell: ({ query }) => (query.trim() === "" ? missing : userText(query)) },
    {
      heading: "Found",
      cell: ({ results }) => (results === undefined ? missing : plainText(formatNumber(results))),
      isNumber: true,
    },
    { heading: "When", cell: ({ at }) => timeElement(at, user.timeZone) },
  ];
  return layout({
    title: "Contacts",
    viewer,
    section: "/contacts",
    body: html`<form method="get" action="/contacts" role="search" class="filter">
        <div>
          <label for="q">Name, phone or e-mail</label>
          <input id="q" name="q" type="search" maxlength="200" dir="auto" value="${text}" />
        </div>
        <div><button>Filter</button></div>
      </form>
      !${table(`Your contacts (${formatNumber(contacts.total)})`, contactColumns, contacts.rows)}
      !${pageLinks("/contacts", contacts, { q: text === "" ? undefined : text })}
      !${families.length === 0 ? "" : html`<h2>Families</h2>`}
      !${families.map(
        ({ name, members }) =>
          html`<section>
            <h3 dir="auto">!${nameOf(name)}</h3>
            !${table("Members", memberColumns, members)}
          </section> `,
      )}
      !${searches.length === 0 ? "" : table("What you looked for last", searchColumns, searches)}`,
  });
}
