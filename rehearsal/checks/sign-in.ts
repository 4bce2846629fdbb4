import { lookUp } from "./dns.ts";
import { ask, valuesOf, type HttpAnswer, type HttpRequest } from "./http.ts";
import { shared, without, type Check } from "./result.ts";
import type { Scene } from "./scene.ts";
import type { Target } from "./target.ts";
import type { Vantage } from "./vantage.ts";

/** A user, migrated where anybody was, signs in as a person does: by the name in DNS, the edge, the proxy, the app. */
export function signInChecks(scene: Scene): Check[] {
  const { expected, stranger } = scene;
  const [host = ""] = expected.hosts;
  const { identifier, password, shownName, whose } = expected.signIn;
  const where = stranger.name;
  const wrong = shared(async () => (await visitor(scene, host)).signIn(identifier, `not-${password}`));
  const signedIn = shared(async () => {
    await wrong().catch(() => undefined);
    const person = await visitor(scene, host);
    return { person, answer: await person.signIn(identifier, password) };
  });
  return [
    {
      id: "sign-in-wrong-password",
      title: `${identifier} is refused with a wrong password`,
      where,
      wanted: "401, no session",
      make: async () => {
        const answer = await wrong();
        const session = hasSession(answer);
        return {
          passed: answer.status === 401 && !session,
          found: `${String(answer.status)}, ${session ? "a" : "no"} session`,
        };
      },
    },
    {
      id: "sign-in",
      title: `${identifier} signs in with a password: ${whose}`,
      where,
      wanted: "303 to /, a session",
      make: async () => {
        const { answer } = await signedIn();
        const to = valuesOf(answer, "location").join(", ") || "nowhere";
        const found = `${String(answer.status)} to ${to}, ${hasSession(answer) ? "a" : "no"} session`;
        return { passed: found === "303 to /, a session", found };
      },
    },
    {
      id: "sign-in-page",
      title: `The account page names ${shownName}, and no one else reads it`,
      where,
      wanted: `200 with "${shownName}"; 303 to /sign-in for others`,
      make: async () => {
        const { person } = await signedIn();
        const own = await person.fetch("/account");
        const others = await (await visitor(scene, host)).fetch("/account");
        const faults = [
          ...(own.status === 200 ? [] : [`the page answers ${String(own.status)}`]),
          ...(own.body.includes(shownName) ? [] : [`the page does not name ${shownName}`]),
          ...(others.status >= 300 ? [] : [`others get ${String(others.status)}`]),
        ];
        return without(faults, `200 with "${shownName}"; ${String(others.status)} for others`);
      },
    },
    {
      id: "sign-in-cookies",
      title: "Every cookie is Secure, HttpOnly and SameSite",
      where,
      wanted: "Secure, HttpOnly, SameSite=Lax or Strict",
      make: async () => {
        const { person } = await signedIn();
        if (person.cookieLines.length === 0) throw new Error("no cookie was set");
        return without(
          person.cookieLines.flatMap((line) => cookieFaults(line)),
          `${String(person.cookieLines.length)} cookies, all so`,
        );
      },
    },
  ];
}

function hasSession(answer: HttpAnswer): boolean {
  return valuesOf(answer, "set-cookie").some((line) => /^[^=]*session=[^;]/i.test(line));
}

/** What is wrong with a Set-Cookie header; nothing about one that removes a cookie. */
export function cookieFaults(line: string): string[] {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const [name = "", value = ""] = pair.split("=");
  if (value === "") return [];
  const known = attributes.map((attribute) => attribute.toLowerCase());
  return [
    ...(known.includes("secure") ? [] : [`${name} is not Secure`]),
    ...(known.includes("httponly") ? [] : [`${name} is not HttpOnly`]),
    ...(known.some((attribute) => /^samesite=(lax|strict)$/.test(attribute)) ? [] : [`${name} is not SameSite`]),
  ];
}

/** Somebody with a browser: keeps cookies, follows no redirect, goes where DNS says. */
interface Visitor {
  /** Every Set-Cookie header that came. */
  readonly cookieLines: string[];
  readonly fetch: (path: string, form?: Readonly<Record<string, string>>) => Promise<HttpAnswer>;
  /** Opens the form, takes its token, sends it. */
  readonly signIn: (identifier: string, password: string) => Promise<HttpAnswer>;
}

async function visitor({ expected, stranger, target }: Scene, host: string): Promise<Visitor> {
  const address = await addressByDns(stranger, target(expected.dns.resolver), host);
  const place = { scheme: "https", host, target: target(address) } as const;
  const cookies = new Map<string, string>();
  const cookieLines: string[] = [];
  const fetch: Visitor["fetch"] = async (path, form) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const request: HttpRequest = {
      ...place,
      path,
      ...(form === undefined ? {} : { form }),
      headers: {
        ...(cookie === "" ? {} : { Cookie: cookie }),
        ...(form === undefined ? {} : { Origin: `https://${host}` }),
      },
    };
    const answer = await ask(stranger, request);
    for (const line of valuesOf(answer, "set-cookie")) {
      cookieLines.push(line);
      const [, name = "", value = ""] = /^([^=;]*)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const signIn: Visitor["signIn"] = async (identifier, password) => {
    const { body } = await fetch("/sign-in");
    return fetch("/sign-in", { ...hiddenFields(body), identifier, password });
  };
  return { cookieLines, fetch, signIn };
}

async function addressByDns(vantage: Vantage, resolver: Target, host: string): Promise<string> {
  const { records } = await lookUp(vantage, resolver, { name: host, type: "A" });
  const address = records.find(({ type }) => type === "A")?.value;
  if (address === undefined) throw new Error(`${host} has no address in DNS`);
  return address;
}

/** Names and values of a form's hidden inputs. */
export function hiddenFields(page: string): Record<string, string> {
  return Object.fromEntries(
    [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? "",
      /value="([^"]*)"/.exec(input)?.[1] ?? "",
    ]),
  );
}
