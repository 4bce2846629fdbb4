import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Search } from "./search.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let search: Search;
let own: Server;
let other: Server;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);

beforeAll(async () => {
  registered = await mockEngine();
  const { Server: ServerComponent } = await import("./server.ts");
  const { Network } = await import("./network.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { createSearch } = await import("./search.ts");
  const { search: schema } = await import("../settings/search.ts");
  own = new ServerComponent({ ...engineAtHand, generation: "search", privateAddress: "10.77.0.51" });
  other = new ServerComponent({ ...engineAtHand, generation: "app", privateAddress: "10.77.0.21" });
  const place = { server: own, network: new Network({ server: own }) };
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  await Promise.all([valueOf(place.network.data.urn), valueOf(authority.certificate)]);
  registered.length = 0;
  search = createSearch({ place, authority, settings: schema.parse({ engine: "elasticsearch", heap: "512 MiB" }) });
  await Promise.all(search.gates.map((gate) => valueOf(gate.urn)));
});

test("Elasticsearch is exactly these resources", () => {
  expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    [
      "landfall:infra:Elasticsearch search-search-engine",
      "landfall:infra:GeneratedSecret elasticsearch-password",
      "random:index/randomPassword:RandomPassword elasticsearch-password",
      "landfall:infra:DataVolume search-volume-elasticsearch-data",
      "docker:index/volume:Volume search-elasticsearch-data",
      "landfall:infra:Certificate elasticsearch-certificate",
      "pulumi-nodejs:dynamic/certificate:LocalCertificate elasticsearch-certificate",
      "landfall:infra:Service search-service-elasticsearch",
      "docker:index/volume:Volume search-elasticsearch-secrets",
      "landfall:infra:Image search-image-elasticsearch",
      "docker:index/remoteImage:RemoteImage search-elasticsearch",
      "pulumi-nodejs:dynamic/delivery:FileDelivery search-elasticsearch-files",
      "docker:index/container:Container search-elasticsearch",
      "pulumi-nodejs:dynamic/gate:HealthGate search-elasticsearch-healthy",
    ].sort(),
  );
});

test("it publishes its port to other servers alone, and its certificate is for where it is asked", () => {
  expect(inputsOf("docker:index/container:Container", "search-elasticsearch")).toMatchObject({
    ports: [{ internal: 9200, external: 9200, ip: "10.77.0.51" }],
    networksAdvanced: [
      { name: "landfall-test-data", aliases: ["elasticsearch"] },
      { name: "landfall-test-peers", aliases: [] },
    ],
    readOnly: true,
    user: "1000:1000",
    memory: 2048,
    stopTimeout: 60,
  });
  const request = inputsOf("pulumi-nodejs:dynamic/certificate:LocalCertificate", "elasticsearch-certificate");
  expect(request).toMatchObject({ dnsNames: ["elasticsearch", "localhost"], ipAddresses: ["10.77.0.51"] });
});

test("its configuration is delivered as secret files: one user of few rights, known by a hash", () => {
  const { files } = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", "search-elasticsearch-files");
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toMatchObject({
    users: "landfall:bcrypt-of-elasticsearch-password\n",
    users_roles: "landfall_service:landfall\n",
    "health.curl": 'user = "landfall:generated-elasticsearch-password"\n',
    "landfall.options": expect.stringContaining("-Xms512m\n-Xmx512m\n") as string,
    "roles.yml": expect.stringContaining('- names: ["landfall_content"]') as string,
    "elasticsearch.yml": expect.stringContaining("xpack.security.http.ssl.enabled: true") as string,
    "ca.crt": "certificate of authority",
    "server.key": "key of elasticsearch-certificate",
  });
  const { envs } = inputsOf("docker:index/container:Container", "search-elasticsearch");
  expect(envs).toEqual([]);
});

test("the service reaches it by name on its own server and by address from another, and must find it well", () => {
  const [there] = search.parts(other);
  expect(there?.environment).toEqual({
    ELASTICSEARCH_URL: "https://10.77.0.51:9200",
    ELASTICSEARCH_INDEX: "landfall_content",
    ELASTICSEARCH_USERNAME: "landfall",
    ELASTICSEARCH_PASSWORD_FILE: "/run/secrets/elasticsearch_password",
    ELASTICSEARCH_CA_FILE: "/run/secrets/elasticsearch_ca.crt",
  });
  expect(there?.checks).toEqual(["elasticsearch"]);
  expect(Object.keys(there?.files ?? {})).toEqual(["elasticsearch_password", "elasticsearch_ca.crt"]);
  expect(search.parts(own)[0]?.environment["ELASTICSEARCH_URL"]).toBe("https://elasticsearch:9200");
});

test("a search in the database needs nothing more", async () => {
  const { createSearch } = await import("./search.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const authority = new CertificateAuthority("unused", { commonName: "Test" });
  const plain = createSearch({ place: undefined, authority, settings: { engine: "postgres" } });
  expect([plain.parts(own), plain.gates]).toEqual([[], []]);
});
