import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { openRegistry, type Registry } from "../../../lib/site/registry/client.js";
import { fakeClock } from "../fake-clock.js";
import { cleanUp, serve } from "../servers.js";

const manifest = JSON.stringify({ schemaVersion: 2, layers: [] });
const digestOf = (text: string, algorithm = "sha256"): string =>
  `${algorithm}:${createHash(algorithm).update(text).digest("hex")}`;
const digest = digestOf(manifest);
const type = "application/vnd.oci.image.manifest.v1+json";
const html = "<!doctype html><title>Log in</title>";
const password = "pl4nted-password";
const basic = `Basic ${Buffer.from(`robot:${password}`).toString("base64")}`;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const reply =
  (status: number, headers: Record<string, string | string[]>, body: string): Answer =>
  (request, response) =>
    void response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);

function open(url: string, user = "robot"): Registry {
  const environment = { HOME: "/nowhere" };
  const access = { user, password: user === "" ? "" : password, caFile: null, clock: fakeClock(), environment };
  return openRegistry(new URL(url).host, access);
}

describe("whether a manifest is there", () => {
  afterEach(cleanUp);
  const noRegistry = /what answers there is no registry\.$/;
  const errors = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
  const headers = { "content-type": type, "docker-content-digest": digest };
  const byDigest = digest;
  const cases: [title: string, reference: string, answer: Answer, expected: boolean | RegExp][] = [
    ["media type and digest", "1", reply(200, headers, manifest), true],
    [
      "media type with parameters",
      "1",
      reply(200, { ...headers, "content-type": `${type}; charset=utf-8` }, manifest),
      true,
    ],
    ["the digest that was asked for", byDigest, reply(200, headers, manifest), true],
    ["no headers, bytes that hash to the reference", byDigest, reply(200, {}, manifest), true],
    [
      "no media type, bytes that hash to the header",
      "1",
      reply(200, { "docker-content-digest": digest }, manifest),
      true,
    ],
    ["no digest, a manifest by its media type", "1", reply(200, { "content-type": type }, manifest), true],
    ["sha512", "1", reply(200, { ...headers, "docker-content-digest": digestOf(manifest, "sha512") }, manifest), true],
    [
      "HEAD not allowed",
      "1",
      (request, response) => reply(request.method === "HEAD" ? 405 : 200, headers, manifest)(request, response),
      true,
    ],
    ...([404, 400, 405, 200] as const).map((status): (typeof cases)[number] => [
      `a pull-through mirror that answers HEAD by its cache with ${status} and fetches for GET`,
      "1",
      (request, response) =>
        request.method === "HEAD"
          ? reply(
              status,
              status === 404 ? { "docker-distribution-api-version": "registry/2.0" } : {},
              "",
            )(request, response)
          : reply(200, headers, manifest)(request, response),
      true,
    ]),
    ["a login page with 200", "1", reply(200, { "content-type": "text/html" }, html), noRegistry],
    ["a login page without a media type", "1", reply(200, {}, html), noRegistry],
    ["a proxy's JSON with 200", "1", reply(200, { "content-type": "application/json" }, '{"ok":true}'), noRegistry],
    ["an empty 200", "1", reply(200, {}, ""), noRegistry],
    ["a page that claims the media type", "1", reply(200, { "content-type": type }, html), noRegistry],
    [
      "JSON like a manifest, proved by nothing",
      "1",
      reply(200, { "content-type": "application/json" }, manifest),
      noRegistry,
    ],
    [
      "another content than asked for",
      byDigest,
      reply(200, { "content-type": type }, `${manifest} `),
      /another content/,
    ],
    [
      "another digest than asked for",
      byDigest,
      reply(200, { ...headers, "docker-content-digest": digestOf("x") }, manifest),
      /another content/,
    ],
    ["404 of a registry", "1", reply(404, { "content-type": "application/json" }, errors), false],
    ["404 with the API's version", "1", reply(404, { "docker-distribution-api-version": "registry/2.0" }, ""), false],
    ["404 with the registry's errors as text", "1", reply(404, { "content-type": "text/plain" }, errors), false],
    ["404 without a body", "1", reply(404, {}, ""), false],
    ["404 with a page", "1", reply(404, { "content-type": "text/html" }, html), noRegistry],
    ["404 with text", "1", reply(404, { "content-type": "text/plain" }, "404 page not found"), noRegistry],
  ];
  for (const [title, reference, answer, expected] of cases) {
    it(title, async () => {
      const registry = open(await serve(answer));
      if (typeof expected === "boolean") return assert.equal(await registry.hasManifest("a/b", reference), expected);
      await assert.rejects(registry.hasManifest("a/b", reference), { kind: "malformed", message: expected });
    });
  }

  it("a redirect to a login page elsewhere is no registry, and the page sees no password", async () => {
    const seen: (string | undefined)[] = [];
    const page = await serve((request, response) => {
      seen.push(request.headers.authorization);
      reply(200, { "content-type": "text/html" }, html)(request, response);
    });
    const url = await serve(reply(302, { location: `${page}/login` }, ""));
    await assert.rejects(open(url).hasManifest("a/b", "1"), {
      kind: "malformed",
      message: `${page}/login answered 200 with text/html, after a redirect: what answers there is no registry.`,
    });
    assert.deepEqual(seen, [undefined, undefined]);
  });
});

describe("what a registry's credentials are sent to", () => {
  afterEach(cleanUp);

  /** A server that keeps every authorization it sees. */
  async function spy(answer: Answer): Promise<{ url: string; seen: (string | undefined)[] }> {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      answer(request, response);
    });
    return { url, seen };
  }
  const granted =
    (wanted: string, challenge: string | string[]): Answer =>
    (request, response) =>
      request.headers.authorization === wanted
        ? reply(200, { "content-type": type, "docker-content-digest": digest }, manifest)(request, response)
        : reply(401, { "www-authenticate": challenge }, "")(request, response);

  for (const challenge of ['Basic realm="b"', 'Bearer realm="{b}/token",service="b"']) {
    it(`not to a server that it redirects to, whatever that asks for (${challenge.slice(0, 6).trim()})`, async () => {
      const b = await spy((_request, response) =>
        reply(401, { "www-authenticate": challenge.replace("{b}", b.url) }, "")(_request, response),
      );
      const a = await spy(reply(307, { location: `${b.url}/v2/a/b/manifests/1` }, ""));
      await assert.rejects(open(a.url).hasManifest("a/b", "1"), {
        kind: "unauthorized",
        message: `${new URL(a.url).host} redirects to ${b.url}, which asks for credentials; those of ${new URL(a.url).host} are sent to no other server.`,
      });
      assert.deepEqual(b.seen, [undefined]);
      assert.deepEqual(a.seen, [undefined]);
    });
  }

  it("not to a server that it redirects to after it has let us in", async () => {
    const b = await spy(reply(200, { "content-type": type, "docker-content-digest": digest }, manifest));
    const a = await spy((request, response) =>
      request.headers.authorization === basic
        ? reply(307, { location: `${b.url}/x` }, "")(request, response)
        : reply(401, { "www-authenticate": "Basic" }, "")(request, response),
    );
    assert.equal(await open(a.url).hasManifest("a/b", "1"), true);
    assert.deepEqual([a.seen, b.seen], [[undefined, basic], [undefined]]);
  });

  it("to a token endpoint that the registry itself names, and not to where that redirects", async () => {
    const c = await spy(reply(200, {}, JSON.stringify({ token: "t" })));
    const tokens = await spy(reply(302, { location: `${c.url}/token` }, ""));
    const a = await spy(granted("Bearer t", `Bearer realm="${tokens.url}/token"`));
    assert.equal(await open(a.url).hasManifest("a/b", "1"), true);
    assert.deepEqual([tokens.seen, c.seen], [[basic], [undefined]]);
  });

  const challenges: [title: string, header: (realm: string) => string | string[]][] = [
    ["Bearer alone", (realm) => `Bearer realm="${realm}"`],
    ["Bearer before Basic", (realm) => `Bearer realm="${realm}", Basic realm="other"`],
    ["Basic before Bearer", (realm) => `Basic realm="other", Bearer realm="${realm}"`],
    ["two headers", (realm) => ['Basic realm="other"', `Bearer realm="${realm}"`]],
    ["two headers, the other order", (realm) => [`Bearer realm="${realm}"`, 'Basic realm="other"']],
    ["Negotiate with a token between", (realm) => `Basic realm="other", Negotiate abc==, Bearer realm="${realm}"`],
    ["another scheme's realm behind it", (realm) => `bearer realm="${realm}", Digest realm="other", nonce="n"`],
    ["unquoted", (realm) => `Bearer realm=${realm},service=r`],
    ["quoted pairs and commas in a value", (realm) => `Bearer error="a\\", realm=\\"x", realm="${realm}"`],
    ["a relative realm", () => 'Bearer realm="/token"'],
  ];
  for (const [title, header] of challenges) {
    it(`challenge: ${title}; without a scope, the repository's own is asked for`, async () => {
      const asked: string[] = [];
      const url = await serve((request, response) => {
        if (!request.url!.startsWith("/token")) return granted("Bearer t", header(`${url}/token`))(request, response);
        asked.push(new URL(request.url!, url).searchParams.get("scope")!);
        reply(200, {}, JSON.stringify({ token: "", access_token: "t" }))(request, response);
      });
      assert.equal(await open(url).hasManifest("a/b", "1"), true);
      assert.deepEqual(asked, ["repository:a/b:pull"]);
    });
  }

  it("a scope that the challenge names is asked for as it is", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      if (!request.url!.startsWith("/token"))
        return granted("Bearer t", `Bearer realm="${url}/token",scope="repository:a/b:pull,push"`)(request, response);
      asked.push(new URL(request.url!, url).searchParams.get("scope")!);
      reply(200, {}, JSON.stringify({ access_token: "t" }))(request, response);
    });
    assert.equal(await open(url).hasManifest("a/b", "1"), true);
    assert.deepEqual(asked, ["repository:a/b:pull,push"]);
  });
});

describe("a registry's list of tags", () => {
  afterEach(cleanUp);
  const json = { "content-type": "application/json" };

  it("is read over pages, whatever else the Link header holds", async () => {
    const url = await serve((request, response) => {
      const page = new URL(request.url!, "http://r").searchParams.get("page");
      const link = '</first>; rel="prev", </v2/a/tags/list?page=2>; title="x"; rel="next"';
      reply(200, page === "2" ? json : { ...json, link }, JSON.stringify({ tags: [page ?? "1"] }))(request, response);
    });
    assert.deepEqual(await open(url).listTags("a"), ["1", "2"]);
  });

  const cases: [title: string, answer: Answer, says: RegExp][] = [
    [
      "a page that leads to itself",
      reply(200, { ...json, link: '</v2/a/tags/list?n=1000>; rel="next"' }, '{"tags":[]}'),
      /\/v2\/a\/tags\/list names a page of tags again that was read already\.$/,
    ],
    [
      "pages that lead back to an earlier one",
      (request, response) => {
        const page = Number(new URL(request.url!, "http://r").searchParams.get("page") ?? 1);
        const link = `</v2/a/tags/list?page=${(page % 3) + 1}>; rel="next"`;
        reply(200, { ...json, link }, '{"tags":[]}')(request, response);
      },
      /\/v2\/a\/tags\/list names a page of tags again that was read already\.$/,
    ],
    ["a login page that says it is JSON", reply(200, json, html), /what answers there is no registry\.$/],
    [
      "pages without end",
      (request, response) => {
        const page = Number(new URL(request.url!, "http://r").searchParams.get("page") ?? 0);
        const link = `</v2/a/tags/list?page=${page + 1}>; rel="next"`;
        reply(200, { ...json, link }, '{"tags":[]}')(request, response);
      },
      /\/v2\/a\/tags\/list lists more than 100 pages of tags\.$/,
    ],
    ["a login page", reply(200, { "content-type": "text/html" }, html), /what answers there is no registry\.$/],
    ["a page with 404", reply(404, { "content-type": "text/html" }, html), /what answers there is no registry\.$/],
    ["tags that are no list", reply(200, json, '{"tags":{"a":1}}'), /answered no list of tags\.$/],
    [
      "a path as a tag",
      reply(200, json, '{"tags":["1/../../x"]}'),
      /lists "1\/\.\.\/\.\.\/x" as a tag, which is none\.$/,
    ],
    ["a tag that is no text", reply(200, json, '{"tags":[null]}'), /lists null as a tag, which is none\.$/],
  ];
  for (const [title, answer, says] of cases) {
    it(`${title} is refused`, async () => {
      await assert.rejects(open(await serve(answer)).listTags("a"), { kind: "malformed", message: says });
    });
  }

  it("of a repository that is not there is none", async () => {
    const url = await serve(reply(404, json, JSON.stringify({ errors: [{ code: "NAME_UNKNOWN" }] })));
    assert.equal(await open(url).listTags("a"), null);
  });
});
