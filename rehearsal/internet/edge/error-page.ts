/** An error that the edge answers with instead of the origin, by Cloudflare's own number. */
export type EdgeErrorCode = 520 | 521 | 522 | 523 | 524 | 525 | 526 | 1000 | 1001 | 1003 | 1015 | 1016;

const errors: Readonly<Record<EdgeErrorCode, { readonly status: number; readonly title: string }>> = {
  520: { status: 520, title: "Web server is returning an unknown error" },
  521: { status: 521, title: "Web server is down" },
  522: { status: 522, title: "Connection timed out" },
  523: { status: 523, title: "Origin is unreachable" },
  524: { status: 524, title: "A timeout occurred" },
  525: { status: 525, title: "SSL handshake failed" },
  526: { status: 526, title: "Invalid SSL certificate" },
  1000: { status: 403, title: "DNS points to prohibited IP" },
  1001: { status: 409, title: "DNS resolution error" },
  1003: { status: 403, title: "Direct IP access not allowed" },
  1015: { status: 429, title: "You are being rate limited" },
  1016: { status: 530, title: "Origin DNS error" },
};

/** The page for an error of the edge, and its HTTP status. */
export function errorPage(code: EdgeErrorCode, place: { host: string; ray: string }): { status: number; html: string } {
  const { status, title } = errors[code];
  const host = escape(place.host);
  const html = `<!DOCTYPE html>
<html lang="en-US">
<head><title>${host} | ${String(code)}: ${title}</title></head>
<body>
<h1>${title} <small>Error code ${String(code)}</small></h1>
<p>${host}</p>
<p>Cloudflare Ray ID: <strong>${place.ray}</strong></p>
</body>
</html>
`;
  return { status, html };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
