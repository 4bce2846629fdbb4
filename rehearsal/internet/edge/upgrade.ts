import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { errorPage } from "./error-page.ts";
import { choose, type Edge, type Planned } from "./forward.ts";
import { toOrigin, toVisitor } from "./headers.ts";
import { errorOf } from "./origin.ts";
import { settingOf } from "./plan.ts";

/** A request of a visitor to go on with another protocol (RFC 9110, 7.8); a WebSocket in practice. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the visitor has sent after the request. */
  readonly head: Buffer;
}

/** Takes an upgrade to the origin and, when it agrees, carries bytes both ways until either side ends. */
export function forwardUpgrade(edge: Edge, { request, socket, head }: Upgrade, { visit, plan }: Planned): void {
  socket.on("error", () => socket.destroy());
  if (plan.kind !== "origin" || settingOf(plan.zone, "websockets") !== "on") {
    socket.end(head1("400 Bad Request", { connection: "close" }));
    return;
  }
  const origin = choose(plan.origins);
  const upstream = edge.origins.open(origin, visit.host, {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: { ...toOrigin(request.headers, visit), connection: "Upgrade", upgrade: request.headers.upgrade },
  });
  upstream.on("upgrade", (answer, other, rest) => {
    other.on("error", () => other.destroy());
    const headers = { ...toVisitor(answer.headers, visit.ray), connection: "Upgrade", upgrade: answer.headers.upgrade };
    socket.write(head1("101 Switching Protocols", headers));
    socket.write(rest);
    other.write(head);
    socket.pipe(other).pipe(socket);
    socket.on("close", () => other.destroy());
    other.on("close", () => socket.destroy());
  });
  upstream.on("response", (answer) => {
    const status = `${String(answer.statusCode)} ${answer.statusMessage ?? ""}`;
    socket.write(head1(status, { ...toVisitor(answer.headers, visit.ray), connection: "close" }));
    answer.pipe(socket);
  });
  upstream.on("error", (error) => {
    const { status, html } = errorPage(errorOf(upstream, origin, error), visit);
    socket.end(`${head1(`${String(status)} Error`, { "content-type": "text/html", connection: "close" })}${html}`);
  });
  upstream.end();
}

/** The head of an answer in HTTP/1.1. */
function head1(status: string, headers: OutgoingHttpHeaders): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${String(each)}`),
  );
  return [`HTTP/1.1 ${status}`, ...lines, "", ""].join("\r\n");
}
