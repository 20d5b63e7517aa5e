import assert from "node:assert/strict";
import { parsePolicySettings } from "../../lib/policy/stack-settings.js";

const row = { from: "4.6.43", to: "4.7.20", approvedBy: "ana", link: "https://example.com/1", because: "tried" };

describe("policy: settings", () => {
  it("own rows and whether there are gateways; nothing set means no row, and gateways to be watched", () => {
    assert.deepEqual(parsePolicySettings({}), { ownRows: [], hasGateways: true });
    const config = { "palette:extraRows": JSON.stringify([row]), "palette:pcgs": "none" };
    assert.deepEqual(parsePolicySettings(config), { ownRows: [row], hasGateways: false });
  });

  for (const [title, text] of [
    ["no JSON", "["],
    ["no list", "{}"],
    ["a row that nobody approved", JSON.stringify([{ ...row, approvedBy: "" }])],
  ] as const) {
    it(`${title}: refused, naming the key`, () => {
      assert.throws(
        () => parsePolicySettings({ "palette:extraRows": text }),
        /^Error: palette:extraRows cannot be read: /,
      );
    });
  }
});
