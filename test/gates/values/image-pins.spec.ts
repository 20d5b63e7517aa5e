import assert from "node:assert/strict";
import { isStalePin } from "../../../lib/gates/values/image-pins.js";

const digest = (letter: string): string => `@sha256:${letter.repeat(64)}`;

describe("a stored image that holds the next chart back", () => {
  const table: [stale: boolean, title: string, key: string, stored: unknown, before: unknown, after: unknown][] = [
    [true, "the old default of an image", "x", "a/b:v1", "a/b:v1", "a/b:v2"],
    [false, "… where the default has not changed", "x", "a/b:v1", "a/b:v1", "a/b:v1"],
    [false, "… where neither chart has another than the site's own", "x", "a/b:v0", "a/b:v1", "a/b:v1"],
    [false, "… which is the next chart's already", "x", "a/b:v2", "a/b:v1", "a/b:v2"],
    [false, "… which the next chart does not have", "image", "a/b:v1", "a/b:v1", undefined],
    [true, "… which the next chart keeps otherwise", "x", "a/b:v1", "a/b:v1", { name: "b" }],
    [false, "another image where the next chart has a map", "x", "a/c:v1", "a/b:v1", { name: "b" }],
    [true, "the same image in another version, of another registry", "x", "harbor/b:v1", "a/b:v0", "a/b:v2"],
    [false, "… in the same version", "x", "harbor/b:v2", "a/b:v1", "a/b:v2"],
    [true, "… of a registry with a port", "x", "harbor:5000/b:v1", "a/b:v0", "a/b:v2"],
    [true, "… without tag, by digest", "x", `harbor/b${digest("a")}`, "a/b:v0", `a/b${digest("b")}`],
    [true, "… the same tag with another digest", "x", `h/b:v2${digest("a")}`, "a/b:v1", `a/b:v2${digest("b")}`],
    [false, "… the same tag and digest", "x", `h/b:v2${digest("a")}`, "a/b:v1", `a/b:v2${digest("a")}`],
    [false, "another image", "x", "a/c:v1", "a/b:v1", "a/b:v2"],
    [false, "one whose name only begins so", "x", "a/bb:v1", "a/b:v1", "a/b:v2"],
    [false, "an image where the next chart has another text", "x", "a/b:v1", "a/b:v0", "none"],
    [true, "an image under the key of a tag, older by its number", "imageTag", "a/b:v1", "a/b:v0", "2.0.0"],
    [false, "no path: a word with a colon", "x", "b:v1", "b:v1", "b:v2"],
    [false, "no tag: a path", "x", "a/b", "a/b", "a/c"],
    [false, "an address of the web", "x", "https://a/b:1", "https://a/b:1", "https://a/b:2"],
    [false, "an address with a port alone", "x", "db.example:5432", "db.example:5432", "db.example:5433"],
    [false, "words", "x", "two words/a:b c", "two words/a:b c", "other/a:b"],
    [false, "a path that ends in spaces", "x", "a/b:v1 ", "a/b:v1 ", "a/b:v2"],
    [true, "the old default of a tag", "tag", "v1", "v1", "v2"],
    [true, "an older tag", "tag", "4.6.41", "4.6.40", "4.7.20"],
    [false, "a newer tag", "tag", "4.7.21", "4.6.40", "4.7.20"],
    [false, "a tag that is no version", "tag", "stable", "4.6.40", "4.7.20"],
    [false, "a tag where the next one is no version", "tag", "4.6.41", "4.6.40", "stable"],
    [true, "an older tag under a longer name", "webImageTag", "4.6.41", "4.6.40", "4.7.20"],
    [false, "an older registry of the site's own", "registry", "h1", "a1", "a2"],
    [true, "the old default of a registry", "imageRegistry", "a1", "a1", "a2"],
    [true, "the old default of a repository", "repository", "a/b", "a/b", "a/c"],
    [true, "the old default of a digest", "digest", "sha256:1", "sha256:1", "sha256:2"],
    [true, "the old default under a longer name", "proxyImage", "p", "p", "q"],
    [false, "a key that only ends like one", "vintage", "p", "p", "q"],
    [false, "a key that only begins like one", "tagline", "p", "p", "q"],
    [false, "a key that only holds one", "myTagline", "p", "p", "q"],
    [false, "an older version under a key that only begins so", "tags", "4.6.41", "4.6.40", "4.7.20"],
    [false, "an older version that another key has, though a part of an image", "digest", "4.6.41", "4.6.40", "4.7.20"],
    [false, "nothing stored", "tag", "", "", "v2"],
    [false, "a number", "tag", 1, 1, 2],
    [true, "an older tag where the old chart had a map", "tag", "v1", { a: 1 }, "v2x"],
  ]; // prettier-ignore
  for (const [stale, title, key, stored, before, after] of table) {
    it(`${stale ? "holds it back" : "does not"}: ${title}`, () =>
      assert.equal(isStalePin(key, stored, before, after), stale));
  }
});
