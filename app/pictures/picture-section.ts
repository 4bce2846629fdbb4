import { html } from "ghtml";
import { formatBytes } from "../pages/format.ts";
import { largestPicture, type PictureState } from "./picture.ts";

/** The part of the account page that shows the user's picture, and the forms to change it. */
export function pictureSection(state: PictureState, formToken: string): string {
  const token = html`<input type="hidden" name="token" value="${formToken}" />`;
  const shown = {
    none: "",
    there: html`<p><img src="/account/picture" alt="Your picture" class="picture" /></p>
      <form method="post" action="/account/picture/remove">!${token}<button>Remove the picture</button></form>`,
    "not to be had now": html`<p class="muted">Your picture cannot be shown right now.</p>`,
  };
  return html`<h2>Picture</h2>
    !${shown[state]}
    <form method="post" action="/account/picture" enctype="multipart/form-data" class="entry">
      !${token}
      <label for="picture">A PNG, JPEG or WebP file of ${formatBytes(largestPicture)} at most</label>
      <input id="picture" name="picture" type="file" accept="image/png,image/jpeg,image/webp" required />
      <button class="main">Keep this picture</button>
    </form>`;
}
