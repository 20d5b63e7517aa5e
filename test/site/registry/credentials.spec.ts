import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findRegistryCredentials } from "../../../lib/site/registry/credentials.js";
import { openRegistry } from "../../../lib/site/registry/client.js";
import { fakeClock } from "../fake-clock.js";
import { cleanUp, serve } from "../servers.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const host = "registry.example.com:5000";

describe("credentials of Docker and Helm", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "palette-credentials-"))));
  afterEach(async () => {
    rmSync(home, { recursive: true, force: true });
    await cleanUp();
  });
  const helm = ".config/helm/registry/config.json";
  const docker = ".docker/config.json";

  function put(name: string, content: unknown, mode = 0o600): void {
    const file = join(home, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode });
  }
  const helper = (name: string, script: string): void =>
    put(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`, 0o755);
  const answers = (user: string, secret: string): string =>
    `read -r server; printf '{"ServerURL":"%s","Username":"${user}","Secret":"${secret}"}' "$server"`;
  const environment = (): NodeJS.ProcessEnv => ({ HOME: home, PATH: `${join(home, "bin")}:${process.env["PATH"]}` });
  const auth = (user: string, password: string): object => ({ auth: base64(`${user}:${password}`) });

  const cases: [
    title: string,
    make: () => void,
    expected: [user: string, password: string, token: string | null] | null,
  ][] = [
    ["none", () => undefined, null],
    ["none for another host", () => put(docker, { auths: { "registry.example.com": auth("a", "b") } }), null],
    ["none for another path of the host", () => put(docker, { auths: { [`${host}/team`]: auth("a", "b") } }), null],
    ["Docker's file", () => put(docker, { auths: { [host]: auth("a", "b:c") } }), ["a", "b:c", null]],
    [
      "a key with scheme and version",
      () => put(docker, { auths: { [`https://${host}/v2/`]: auth("a", "b") } }),
      ["a", "b", null],
    ],
    [
      "user and password apart",
      () => put(docker, { auths: { [host]: { username: "a", password: "b" } } }),
      ["a", "b", null],
    ],
    [
      "an identity token",
      () => put(docker, { auths: { [host]: { ...auth("a", ""), identitytoken: "i" } } }),
      ["a", "", "i"],
    ],
    [
      "Helm's file before Docker's",
      () => (put(helm, { auths: { [host]: auth("h", "1") } }), put(docker, { auths: { [host]: auth("d", "2") } })),
      ["h", "1", null],
    ],
    [
      "Docker's where Helm's has another host",
      () => (put(helm, { auths: { other: auth("h", "1") } }), put(docker, { auths: { [host]: auth("d", "2") } })),
      ["d", "2", null],
    ],
    [
      "the host's helper",
      () => (helper("cloud", answers("c", "s")), put(docker, { credHelpers: { [host]: "cloud" }, credsStore: "none" })),
      ["c", "s", null],
    ],
    [
      "the general helper",
      () => (helper("store", answers("g", "s")), put(docker, { auths: { [host]: {} }, credsStore: "store" })),
      ["g", "s", null],
    ],
    [
      "a helper's identity token",
      () => (helper("cloud", answers("<token>", "i")), put(docker, { credHelpers: { [host]: "cloud" } })),
      ["<token>", "i", "i"],
    ],
    [
      "the file's own where the helper has none",
      () => (
        helper("store", "echo credentials not found in native keychain; exit 1"),
        put(docker, { credsStore: "store", auths: { [host]: auth("a", "b") } })
      ),
      ["a", "b", null],
    ],
    ["an empty file", () => put(docker, ""), null],
  ];
  for (const [title, make, expected] of cases) {
    it(title, async () => {
      make();
      const found = await findRegistryCredentials(host, environment());
      assert.deepEqual(found === null ? null : [found.user, found.password, found.identityToken], expected);
    });
  }

  it("Docker's own hub by its old address", async () => {
    put(docker, { auths: { "https://index.docker.io/v1/": auth("a", "b") } });
    assert.equal((await findRegistryCredentials("docker.io", environment()))?.user, "a");
  });

  const faults: [title: string, make: () => void, says: RegExp][] = [
    ["no JSON", () => put(docker, "{pl4nted"), /\.docker\/config\.json cannot be used: it is no JSON\.$/],
    [
      "another form",
      () => put(docker, { auths: [] }),
      /config\.json cannot be used: it is not as Docker writes it at auths\.$/,
    ],
    [
      "no user in base64",
      () => put(docker, { auths: { [host]: { auth: "pl4nted" } } }),
      /auths\."registry\.example\.com:5000" cannot be used/,
    ],
    [
      "a helper that is absent",
      () => put(docker, { credHelpers: { [host]: "gone" } }),
      /credHelpers\."registry\.example\.com:5000" names docker-credential-gone, which is not on PATH\.$/,
    ],
    [
      "a helper that fails",
      () => (helper("bad", "echo pl4nted; exit 3"), put(docker, { credsStore: "bad" })),
      /credsStore names docker-credential-bad, which ended with 3 for/,
    ],
    [
      "a helper that answers nonsense",
      () => (helper("bad", "echo pl4nted"), put(docker, { credsStore: "bad" })),
      /which answered without Username and Secret\.$/,
    ],
    ["a path as a helper", () => put(docker, { credsStore: "../x" }), /credsStore is no name of a helper\.$/],
  ];
  for (const [title, make, says] of faults) {
    it(`${title}: refused with exit 2, naming file and key, never a secret`, async () => {
      make();
      await assert.rejects(findRegistryCredentials(host, environment()), (error: Error) => {
        assert.equal((error as { code?: string }).code, "REGISTRY_CREDENTIALS");
        assert.match(error.message, says);
        assert.ok(!error.message.includes("pl4nted"));
        return true;
      });
    });
  }

  it("are used for a registry where no user is set, an identity token by OAuth 2; a set user comes first", async () => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      if (request.url!.startsWith("/token")) {
        let body = `${request.method} ${request.headers.authorization ?? "-"} `;
        request.on("data", (chunk: Buffer) => (body += String(chunk)));
        return void request.on("end", () => (bodies.push(body), response.end('{"access_token":"t"}')));
      }
      if (request.headers.authorization !== "Bearer t")
        return void response.writeHead(401, { "www-authenticate": `Bearer realm="${url}/token",service="s"` }).end();
      response.setHeader("content-type", "application/json");
      response.end('{"tags":["1"]}');
    });
    const local = new URL(url).host;
    put(docker, { auths: { [local]: { ...auth("a", ""), identitytoken: "i" } } });
    const access = { caFile: null, clock: fakeClock(), environment: environment() };
    assert.deepEqual(await openRegistry(local, { ...access, user: "", password: "" }).listTags("r"), ["1"]);
    assert.deepEqual(await openRegistry(local, { ...access, user: "u", password: "p" }).listTags("r"), ["1"]);
    assert.deepEqual(bodies, [
      "POST - service=s&scope=repository%3Ar%3Apull&grant_type=refresh_token&client_id=palette-upgrade&refresh_token=i",
      `GET Basic ${base64("u:p")} `,
    ]);
  });
});
