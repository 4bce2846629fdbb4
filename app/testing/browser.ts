import type { FastifyInstance, LightMyRequestResponse } from "fastify";

type Answer = LightMyRequestResponse;

/** A browser without scripts: keeps cookies, and sends forms with the token of the page it last saw. */
export interface Browser {
  readonly cookies: ReadonlyMap<string, string>;
  /** Asks for a page; redirects are not followed. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form with the last page's token, unless the fields have one. */
  post(path: string, fields: Record<string, string>): Promise<Answer>;
  /** Opens the sign-in page and sends name and password. */
  signIn(identifier: string, password: string, more?: Record<string, string>): Promise<Answer>;
}

/** @param address where the browser's requests come from */
export function openBrowser(server: FastifyInstance, address: string): Browser {
  const cookies = new Map<string, string>();
  let token = "";
  const send = async (
    path: string,
    options: { method: "GET" | "POST"; headers?: Record<string, string>; payload?: string },
  ): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { host: "localhost:8443", ...options.headers, ...(cookie === "" ? {} : { cookie }) };
    const answer = await server.inject({ ...options, url: path, headers, remoteAddress: address });
    for (const { name, value } of answer.cookies) {
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    token = /name="token" value="([^"]*)"/.exec(answer.body)?.[1]?.replaceAll("&#61;", "=") ?? token;
    return answer;
  };
  const browser: Browser = {
    cookies,
    get: (path, headers = {}) => send(path, { method: "GET", headers }),
    post: (path, fields) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        payload: new URLSearchParams({ token, ...fields }).toString(),
      }),
    async signIn(identifier, password, more = {}) {
      await browser.get("/sign-in");
      return browser.post("/sign-in", { identifier, password, ...more });
    },
  };
  return browser;
}

/** HTML with its white space reduced to what the tests compare: one space at most, none beside a tag. */
export function compact(markup: string): string {
  return markup.replace(/\s+/g, " ").replace(/(?<=[>]) | (?=[<>])/g, "");
}
