import assert from "node:assert/strict";
import { parsePolicySettings } from "../../lib/policy/declared-stack.js";

const row = { from: "4.6.43", to: "4.7.20", approvedBy: "ana", link: "https://example.com/1", because: "tried" };

describe("policy: settings", () => {
  it("own rows and whether there are gateways; nothing set means no row, and gateways to be watched", () => {
    assert.deepEqual(parsePolicySettings({}), { ownRows: [], hasGateways: true });
    const config = {
      "palette:route": JSON.stringify({ extraRows: [row] }),
      "palette:pcg": JSON.stringify({ none: true }),
    };
    assert.deepEqual(parsePolicySettings(config), { ownRows: [row], hasGateways: false });
  });

  for (const [title, key, text, fault] of [
    ["no JSON", "route", "[", 'palette:route: found "["; write keys with values.'],
    ["no list", "route", '{"extraRows":{}}', "palette:route.extraRows: found {}; write a list."],
    [
      "a row that nobody approved",
      "route",
      JSON.stringify({ extraRows: [{ ...row, approvedBy: "" }] }),
      'palette:route.extraRows[0].approvedBy: found ""; it must not be empty.',
    ],
    ["a word for yes", "pcg", '{"none":"yes"}', 'palette:pcg.none: found "yes"; write true or false.'],
  ] as const) {
    it(`${title}: refused, naming the key`, () => {
      assert.throws(() => parsePolicySettings({ [`palette:${key}`]: text }), {
        code: "SETTINGS_INVALID",
        message: `The stack's configuration is not valid:\n  - ${fault}`,
      });
    });
  }
});
