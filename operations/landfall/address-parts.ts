/** The parts of `scheme://user:password@host:port/database?name=value`, decoded. */
export interface AddressParts {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

// Looser than a URL of the web: a user without a host, and an `@` within a password, are common in database URLs.
const form =
  /^[a-z]+:\/\/(?:(?<user>[^:@/?]*)(?::(?<password>[^/?]*))?@)?(?<host>\[[^\]]*\]|[^:/?@]*)(?::(?<port>[^/?]*))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/i;

/**
 * Takes a database URL apart. Throws an Error that says what is wrong with it; its message has nothing of the URL that
 * could be a secret.
 */
export function takeApart(text: string): AddressParts {
  const groups = form.exec(text)?.groups;
  if (groups === undefined) {
    throw new Error(
      "is no URL of the form SCHEME://USER:PASSWORD@HOST:PORT/DATABASE; write / ? and # in a password as %2F %3F and %23",
    );
  }
  const part = (name: string): string | undefined => {
    const value = groups[name];
    return value === undefined || value === "" ? undefined : decode(name, value);
  };
  const [host, port] = [part("host")?.replace(/^\[(.*)\]$/, "$1"), part("port")];
  if (host?.includes(",") === true) throw new Error("names several hosts; give one");
  return {
    user: part("user"),
    password: part("password"),
    host,
    port: port === undefined ? undefined : portOf(port),
    database: part("database"),
    parameters: new Map(new URLSearchParams(groups["query"] ?? "")),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new Error("has a port that is not a number from 1 to 65535");
  return port;
}

function decode(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Error(`has a ${name} with a % that begins no code; write % as %25`);
  }
}

/** A URL as it may be shown: whatever stands in the place of a password is left out. */
export function withoutPassword(text: string): string {
  return text
    .replace(/^([a-z]+:\/\/[^:@/?]*):.*@/is, "$1@")
    .replaceAll(/([?&](?:password|sslpassword)=)[^&]*/gi, "$1…");
}
