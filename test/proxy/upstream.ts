/*
 * A service as the proxies' tests need it behind them: it tells what reached it.
 *
 *   NAME   what it says it is
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebSocketServer } from "ws";

const name = process.env["NAME"] ?? "";
const counts = new Map<string, number>();
const checks = { database: true };

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    answer(request, response, body);
  });
});

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = new URL(`http://upstream${request.url ?? "/"}`);
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(value));
  };
  const id = url.searchParams.get("id");
  if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  switch (true) {
    case url.pathname.startsWith("/health/"):
      json(200, { status: "healthy", release: "1", checks, name });
      break;
    case url.pathname === "/drop" && url.searchParams.get("at") === name:
      // The request was read, and nobody will know what became of it.
      request.socket.destroy();
      break;
    case url.pathname === "/slow":
      setTimeout(
        () => {
          json(200, { name });
        },
        Number(url.searchParams.get("milliseconds")),
      );
      break;
    case url.pathname === "/counts":
      json(200, Object.fromEntries(counts));
      break;
    case url.pathname === "/status":
      json(Number(url.searchParams.get("status")), { name });
      break;
    case url.pathname === "/page":
      response.writeHead(200, {
        "content-type": "text/html",
        "x-frame-options": "SAMEORIGIN",
        "content-security-policy": "default-src *",
      });
      response.end(`<p>${"a page that is worth compressing ".repeat(100)}</p>`);
      break;
    case url.pathname === "/assets/styles.0123456789abcdef.css":
      response.writeHead(200, { "content-type": "text/css", "cache-control": "no-store", etag: '"1"' });
      response.end("body { margin: 0 }");
      break;
    case url.pathname.startsWith("/assets/"):
      json(404, { name });
      break;
    default:
      json(200, { name, method: request.method, url: request.url, headers: request.headers, body });
  }
}

new WebSocketServer({ server, path: "/socket" }).on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    socket.send(`${name}: ${data.toString()}`);
  });
});
server.listen(8000);
process.on("SIGTERM", () => process.exit(0));
