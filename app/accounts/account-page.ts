import { html } from "ghtml";
import { timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, userText } from "../pages/table.ts";
import type { PictureState } from "../pictures/picture.ts";
import { pictureSection } from "../pictures/picture-section.ts";
import type { AccountDetail, User } from "./users.ts";

export interface AccountContent {
  readonly user: User;
  readonly detail: AccountDetail;
  /** Undefined where there is nowhere to keep pictures. */
  readonly picture: PictureState | undefined;
}

/** The page with the user's own profile and roles. */
export function accountPage(viewer: Viewer, { user, detail, picture }: AccountContent): string {
  const lines: (readonly [string, string])[] = [
    ["Name", userText(user.fullName)],
    ["User name", userText(user.username)],
    ["E-mail", userText(user.email)],
    ["Account from", plainText(detail.systemTitle)],
    ["Member since", timeElement(user.joinedAt, user.timeZone)],
    ["Time zone", plainText(user.timeZone)],
    ["Roles", detail.roles.map(userText).join(", ")],
    ["About", userText(detail.bio)],
  ];
  return layout({
    title: "Account",
    viewer,
    section: "/account",
    body: html`<dl>
        !${lines
          .filter(([, value]) => value !== userText("") && value !== "")
          .map(
            ([name, value]) =>
              html`<dt>${name}</dt>
                <dd>!${value}</dd>`,
          )}
      </dl>
      !${picture === undefined ? "" : pictureSection(picture, viewer.formToken)}`,
  });
}
