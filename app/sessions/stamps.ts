import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The token that a form carries: it shows that the page with the form came from here to the browser with this cookie.
 * @param cookie the session's id, or the form cookie's value where nobody is signed in
 */
export function formToken(secretKey: string, cookie: string): string {
  return createHmac("sha256", secretKey).update(`form\0${cookie}`).digest("base64url");
}

/** Whether a form's token belongs to the cookie. */
export function isFormToken(secretKey: string, { token, cookie }: { token: string; cookie: string }): boolean {
  const wanted = Buffer.from(formToken(secretKey, cookie));
  const given = Buffer.from(token);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** What a session keeps of the password's hash, so that a changed password ends it. */
export function passwordStamp(secretKey: string, encoded: string): string {
  return createHmac("sha256", secretKey).update(`password\0${encoded}`).digest("base64url");
}
