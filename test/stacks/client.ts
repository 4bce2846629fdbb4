import { request, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

/** An answer over HTTPS. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request of a Client. */
export interface ClientRequest {
  readonly method?: "GET" | "POST";
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client as a browser is: it trusts one root alone and keeps cookies. It follows no redirect. */
export class Client {
  private readonly cookies = new Map<string, string>();
  private readonly url: string;
  private readonly root: string;

  /**
   * @param url where the service is
   * @param root the root certificate that is trusted, PEM
   */
  constructor(url: string, root: string) {
    this.url = url;
    this.root = root;
  }

  /** Asks for a path. */
  fetch(path: string, { method = "GET", form, headers = {} }: ClientRequest = {}): Promise<HttpAnswer> {
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const options: RequestOptions = {
      method,
      ca: this.root,
      servername: new URL(this.url).hostname,
      agent: false,
      headers: {
        ...(this.cookies.size === 0 ? {} : { cookie: [...this.cookies].map((pair) => pair.join("=")).join("; ") }),
        ...(body === undefined
          ? {}
          : {
              "content-type": "application/x-www-form-urlencoded",
              "content-length": String(Buffer.byteLength(body)),
              origin: this.url,
            }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.url), options, (response) => {
        for (const cookie of response.headers["set-cookie"] ?? []) this.keep(cookie);
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
        response.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /**
   * Signs in as a person does: opens the form, takes its token, sends it.
   *
   * @param system the legacy system whose account is meant, where name and password open several
   */
  async signIn(identifier: string, password: string, system?: string): Promise<HttpAnswer> {
    const { body } = await this.fetch("/sign-in");
    const fields = Object.fromEntries(
      [...body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)?.[1] ?? "",
        /value="([^"]*)"/.exec(input)?.[1] ?? "",
      ]),
    );
    const chosen = system === undefined ? {} : { system };
    return this.fetch("/sign-in", { method: "POST", form: { ...fields, identifier, password, ...chosen } });
  }

  private keep(cookie: string): void {
    const [pair = ""] = cookie.split(";");
    const [name = "", ...value] = pair.split("=");
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value.join("="));
  }
}
