import type { Site } from "./site.ts";
import { upstreamAuthorityFile, upstreamTimes } from "./upstream.ts";

const name = "balancer://servers";

/** Path of what a refused request is answered with; nothing below it is passed on. */
export const refusals = "/.refusals/";

/** The servers that requests are passed on to, each asked every few seconds whether it is there. */
export function renderServers({ upstream, answerSeconds }: Site): string {
  if (upstream.kind === "container") return "";
  const { connect, retry, check } = upstreamTimes;
  const members = upstream.servers.map(({ address, port }) =>
    [
      `  BalancerMember https://${address.includes(":") ? `[${address}]` : address}:${String(port)}`,
      `disablereuse=on connectiontimeout=${String(connect)} timeout=${String(answerSeconds)} retry=${String(retry)} upgrade=websocket`,
      `hcmethod=GET hcuri=/health/live hcinterval=${String(check)} hcpasses=1 hcfails=1\n`,
    ].join(" "),
  );
  return `SSLProxyEngine on
SSLProxyVerify require
SSLProxyVerifyDepth 1
SSLProxyCACertificateFile ${upstreamAuthorityFile}
SSLProxyCheckPeerName on
SSLProxyProtocol -all +TLSv1.3
<Proxy ${name}>
${members.join("")}  ProxySet lbmethod=bybusyness failonstatus=502
</Proxy>
`;
}

/** Passes a request on as it came. The client's own forwarding headers are overwritten. */
export function renderPass({ upstream, answerSeconds }: Site): string {
  const target =
    upstream.kind === "servers"
      ? `ProxyPreserveHost Off
ProxyErrorOverride On 502 504
ProxyPass / ${name}/ nocanon`
      : `ProxyPreserveHost On
ProxyPass / http://${upstream.host}:${String(upstream.port)}/ nocanon disablereuse=on retry=0 connectiontimeout=${String(upstreamTimes.containerConnect)} timeout=${String(answerSeconds)} upgrade=websocket`;
  const text = `ProxyAddHeaders Off
RequestHeader set X-Forwarded-For expr=%{reqenv:CLIENT_ADDRESS}
RequestHeader set X-Forwarded-Proto https
RequestHeader set X-Forwarded-Host expr=%{HTTP_HOST}
RequestHeader set X-Request-Id expr=%{reqenv:UNIQUE_ID}
ProxyPass ${refusals} !
${target}
`;
  return text.replaceAll(/^(?=.)/gm, "  ");
}
