import { scratchFolder } from "../places.ts";

/** What the resolver is configured with. */
export interface ResolverOptions {
  /** Addresses of the rehearsal's authoritative servers, by the zones that they answer for. */
  readonly stubs: Readonly<Record<string, string>>;
}

/**
 * Configuration of the resolver that every container of the cloud asks. It answers the cloud's zones from their
 * authoritative servers without a cache, the vendors' APIs among them, and hands everything else to the resolver that Docker gives containers.
 */
export function resolverConfiguration({ stubs: servers }: ResolverOptions): string {
  const stubs = Object.entries(servers).map(
    ([zone, server]) => `stub-zone:\n  name: "${zone}."\n  stub-addr: ${server}\n  stub-no-cache: yes\n`,
  );
  return `server:
  interface: 0.0.0.0
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  username: ""
  chroot: ""
  directory: "${scratchFolder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  qname-minimisation: no
${stubs.join("")}forward-zone:
  name: "."
  forward-addr: 127.0.0.11
`;
}
