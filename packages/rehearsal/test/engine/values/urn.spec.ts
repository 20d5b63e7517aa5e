import assert from "node:assert/strict";
import { listAliasUrns, makeUrn, parseUrn, type Alias } from "../../../lib/engine/values/urn.js";

const stack = "urn:pulumi:dev::palette::pulumi:pulumi:Stack::palette-dev";
const group = "urn:pulumi:dev::palette::my:index:Group::hop";
const own = { stack: "dev", project: "palette", parent: group, type: "a:b:C", name: "hop-gate" };

describe("URNs", () => {
  it("leave the stack out of the types, and no other parent", () => {
    assert.equal(makeUrn("dev", "palette", "", "pulumi:pulumi:Stack", "palette-dev"), stack);
    assert.equal(makeUrn("dev", "palette", stack, "my:index:Group", "hop"), group);
    const nested = "urn:pulumi:dev::palette::my:index:Group$a:b:C::x::y";
    assert.equal(makeUrn("dev", "palette", group, "a:b:C", "x::y"), nested);
    assert.deepEqual(parseUrn(nested), {
      stack: "dev",
      project: "palette",
      qualifiedType: "my:index:Group$a:b:C",
      name: "x::y",
    });
  });

  const cases: [title: string, alias: Alias[], renamed: [string, string][], urns: string[]][] = [
    ["a whole URN", [{ urn: "urn:pulumi:x::y::z:z:Z::n" }], [], ["urn:pulumi:x::y::z:z:Z::n"]],
    ["another name", [{ name: "gate" }], [], ["urn:pulumi:dev::palette::my:index:Group$a:b:C::gate"]],
    ["the stack as parent", [{ parent: stack }], [], ["urn:pulumi:dev::palette::a:b:C::hop-gate"]],
    ["no parent", [{ noParent: true }], [], ["urn:pulumi:dev::palette::a:b:C::hop-gate"]],
    [
      "another stack and project",
      [{ stack: "old", project: "p" }],
      [],
      ["urn:pulumi:old::p::my:index:Group$a:b:C::hop-gate"],
    ],
    [
      "a parent that was renamed, and its name in the own one",
      [],
      [[group, "urn:pulumi:dev::palette::my:index:Group::step"]],
      ["urn:pulumi:dev::palette::my:index:Group$a:b:C::step-gate"],
    ],
    [
      "the same twice",
      [{ name: "gate" }, { name: "gate" }],
      [],
      ["urn:pulumi:dev::palette::my:index:Group$a:b:C::gate"],
    ],
  ];
  for (const [title, aliases, renamed, urns] of cases) {
    it(`alias: ${title}`, () => assert.deepEqual(listAliasUrns(own, aliases, new Map(renamed)), urns));
  }
});
