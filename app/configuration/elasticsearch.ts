import type { Fault } from "./faults.ts";
import type { SecretReader } from "./secrets.ts";
import type { SoundVariables } from "./variables.ts";

/** Where Elasticsearch is and how to get in. */
export interface ElasticsearchAddress {
  /** For example `https://10.77.0.51:9200`. */
  readonly url: string;
  readonly index: string;
  readonly username: string;
  readonly password: string;
  /** Certificates to trust, in PEM form; undefined for those that Node.js trusts. */
  readonly authority?: string;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Elasticsearch's address, or undefined where the database itself is searched. Passwords go over TLS alone. */
export function elasticsearchAddress(
  values: SoundVariables,
  { secret, faults }: { readonly secret: SecretReader; readonly faults: Fault[] },
): ElasticsearchAddress | undefined {
  const url = values.ELASTICSEARCH_URL;
  const password = secret("ELASTICSEARCH_PASSWORD_FILE", 1);
  const authority = secret("ELASTICSEARCH_CA_FILE", 1);
  if (url === undefined) return undefined;
  if (values.ELASTICSEARCH_PASSWORD_FILE === undefined) {
    faults.push({
      name: "ELASTICSEARCH_PASSWORD_FILE",
      given: "nothing",
      allowed: "the path of a file that holds the password, as ELASTICSEARCH_URL is given",
    });
  }
  if (url.protocol === "http:" && !loopback.test(url.hostname)) {
    faults.push({
      name: "ELASTICSEARCH_URL",
      given: JSON.stringify(url.origin),
      allowed: "https, or http on loopback",
    });
  }
  return {
    url: url.origin,
    index: values.ELASTICSEARCH_INDEX ?? "",
    username: values.ELASTICSEARCH_USERNAME ?? "",
    password,
    ...(authority === "" ? {} : { authority }),
  };
}
