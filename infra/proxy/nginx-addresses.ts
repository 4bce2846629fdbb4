import type { Site } from "./site.ts";

/**
 * The client's address, as `$client_address`, over two hops: a balancer names it by the PROXY protocol, and if that is the
 * address of an edge, the edge names its client in a header. Each is believed from its own networks alone.
 */
export function renderAddresses({ proxyProtocol, clientAddress, metricsNetworks }: Site): string {
  const balancer =
    proxyProtocol === undefined
      ? ""
      : `${proxyProtocol.networks.map((network) => `  set_real_ip_from ${network};\n`).join("")}  real_ip_header proxy_protocol;\n`;
  return `${balancer}${renderEdge(clientAddress)}  geo $client_address $reads_metrics { default 0; ${metricsNetworks.map((network) => `${network} 1; `).join("")}}
`;
}

function renderEdge(clientAddress: Site["clientAddress"]): string {
  if (clientAddress === undefined) return "  map $remote_addr $client_address { default $remote_addr; }\n";
  const { header, networks } = clientAddress;
  const variable = `$http_${header.toLowerCase().replaceAll("-", "_")}`;
  return `  geo $remote_addr $from_edge {
    default 0;
${networks.map((network) => `    ${network} 1;\n`).join("")}  }
  map "$from_edge ${variable}" $client_address {
    default $remote_addr;
    "~^1 (?<named_address>[0-9a-fA-F.:]+)$" $named_address;
  }
`;
}
