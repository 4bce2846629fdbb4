import { ask, askOrBeRefused, valuesOf, type HttpAnswer, type HttpRequest } from "./http.ts";
import { headerFaults } from "./header-table.ts";
import { shared, without, type Check, type Finding } from "./result.ts";
import { backDoors, frontDoors, type Door, type Scene } from "./scene.ts";

/** What the service answers: at its front, and behind the edge. */
export function websiteChecks(scene: Scene): Check[] {
  const { hosts } = scene.expected;
  return [
    ...frontDoors(scene).flatMap((door) => [
      ...hosts.flatMap((host) => [...frontChecks(scene, door, host), ...headerChecks(scene, door, host)]),
      unknownHost(door, scene),
    ]),
    ...backDoors(scene).flatMap((door) => [
      ...hosts.flatMap((host) => headerChecks(scene, door, host)),
      unknownHost(door, scene),
    ]),
  ];
}

const missingPath = "/no-such-page-7f3a";
// Everything that a redirect could get wrong: the path, the query, and what is escaped in them.
const deepPath = "/courses/7/modules?page=2&name=a%20b&empty=";

function requestTo(door: Door, host: string, path: string): HttpRequest {
  return { scheme: "https", host, target: door.target, path };
}

function frontChecks(scene: Scene, door: Door, host: string): Check[] {
  const { expected } = scene;
  const where = door.vantage.name;
  const ready = shared(() => ask(door.vantage, requestTo(door, host, "/health/ready")));
  const checks: Check[] = [
    {
      id: "ready",
      title: `https://${host} is ready, and it is the wanted release`,
      where,
      wanted: `200, healthy, release ${expected.release}`,
      make: async () => readiness(await ready(), expected.release),
    },
    {
      id: "front-page",
      title: `https://${host}/ leads a visitor to the sign-in page`,
      where,
      wanted: "303 to /sign-in, then 200",
      make: async () => {
        const start = await ask(door.vantage, requestTo(door, host, "/"));
        const page = await ask(door.vantage, requestTo(door, host, "/sign-in"));
        const found = `${String(start.status)} to ${valuesOf(start, "location").join(", ") || "nowhere"}, then ${String(page.status)}`;
        return { passed: found === "303 to /sign-in, then 200", found };
      },
    },
    {
      id: "http2",
      title: `A browser that speaks HTTP/2 is answered at ${host}`,
      where,
      wanted: "HTTP/2, or HTTP/1.1 where it is not offered",
      make: async () => {
        const { version, status } = await ready();
        return { passed: status === 200 && ["2", "1.1"].includes(version), found: `HTTP/${version}` };
      },
    },
    {
      id: "metrics-hidden",
      title: `https://${host}/metrics is not for outsiders`,
      where,
      wanted: "403 or 404",
      make: async () => {
        const { status } = await ask(door.vantage, requestTo(door, host, "/metrics"));
        return { passed: status === 403 || status === 404, found: String(status) };
      },
    },
  ];
  return door.kind === "edge" ? [...checks, byWayOfEdge(door, host, ready)] : checks;
}

function byWayOfEdge(door: Door, host: string, ready: () => Promise<HttpAnswer>): Check {
  return {
    id: "edge-answers",
    title: `Answers of ${host} come by way of the edge`,
    where: door.vantage.name,
    wanted: "server: cloudflare, cf-ray",
    make: async () => {
      const answer = await ready();
      const server = valuesOf(answer, "server").join(", ");
      const faults = [
        ...(server === "cloudflare" ? [] : [`server is "${server}"`]),
        ...(valuesOf(answer, "cf-ray").length > 0 ? [] : ["cf-ray is missing"]),
      ];
      return without(faults, "server: cloudflare, cf-ray");
    },
  };
}

function readiness({ status, body }: HttpAnswer, release: string): Finding {
  const said: unknown = body.startsWith("{") ? JSON.parse(body) : {};
  const { status: health, release: found } = Object(said) as { status?: unknown; release?: unknown };
  return {
    passed: status === 200 && health === "healthy" && found === release,
    found: `${String(status)}, ${String(health)}, release ${String(found)}`,
  };
}

/** The header table on a page, on a missing page, on a redirect within the service, and on the redirect to HTTPS. */
function headerChecks(scene: Scene, door: Door, host: string): Check[] {
  const { expected } = scene;
  const hidden = expected.proxied ? expected.servers.map(({ publicAddress }) => publicAddress) : [];
  const table = (status: number, request: HttpRequest, headers = expected.headers): Check => ({
    id: `headers-${String(status)}`,
    title: `The ${String(status)} at ${door.name} for ${request.scheme}://${host}${request.path} has the wanted headers, each once`,
    where: door.vantage.name,
    wanted: [...Object.keys(headers), "nothing twice, nothing telling"].join(", "),
    make: async () => {
      const answer = await ask(door.vantage, request);
      const faults = answer.status === status ? [] : [`the answer is ${String(answer.status)}`];
      return without([...faults, ...headerFaults(answer, headers, hidden)], "as wanted");
    },
  });
  const plain: HttpRequest = { ...requestTo(door, host, deepPath), scheme: "http" };
  return [
    table(200, requestTo(door, host, "/sign-in")),
    table(303, requestTo(door, host, "/")),
    table(404, requestTo(door, host, missingPath)),
    // An edge redirects on its own, before it asks the proxy.
    table(301, plain, door.kind === "edge" ? {} : expected.headers),
    {
      id: "redirect-to-https",
      title: `Plain HTTP at ${door.name} is redirected to the same host, path and query over HTTPS`,
      where: door.vantage.name,
      wanted: `301 to https://${host}${deepPath}`,
      make: async () => {
        const answer = await ask(door.vantage, plain);
        const found = `${String(answer.status)} to ${valuesOf(answer, "location").join(", ") || "nowhere"}`;
        return { passed: found === `301 to https://${host}${deepPath}`, found };
      },
    },
  ];
}

const foreignHost = "somebody-elses.example.net";

/** A name that is not ours must not bring the service up, or any site could be put before it. */
function unknownHost(door: Door, scene: Scene): Check {
  return {
    id: "unknown-host-refused",
    title: `Another host's name is refused at ${door.name}, over HTTP and HTTPS`,
    where: door.vantage.name,
    wanted: "an error from 400 on, or no TLS",
    make: async () => {
      const faults: string[] = [];
      const found: string[] = [];
      const [host = ""] = scene.expected.hosts;
      const foreign = { ...requestTo(door, foreignHost, "/sign-in"), anyCertificate: true };
      const requests = [foreign, { ...foreign, scheme: "http" as const }, underOurName(door, host)];
      for (const request of requests) {
        const outcome = await askOrBeRefused(door.vantage, request);
        const text = outcome.kind === "refusal" ? "no TLS" : String(outcome.status);
        found.push(`${request.scheme}: ${text}`);
        if (outcome.kind === "answer" && outcome.status < 400) faults.push(`${request.scheme} answers ${text}`);
      }
      return without(faults, found.join(", "));
    },
  };
}

/** Our name in TLS, another one in the Host header. */
function underOurName(door: Door, host: string): HttpRequest {
  return { ...requestTo(door, host, "/sign-in"), headers: { Host: foreignHost }, anyCertificate: true };
}
