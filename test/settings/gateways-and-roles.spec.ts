import assert from "node:assert/strict";
import { roles } from "../../lib/planning/rules/types.js";
import { parseSettings } from "../../lib/settings/settings.js";
import { good, watched } from "./good-settings.js";

function faultsOf(raw: Record<string, string>): string[] {
  try {
    parseSettings({ ...good, ...raw }, null);
  } catch (error) {
    const [, ...faults] = (error as Error).message.split("\n  - ");
    return faults;
  }
  return [];
}

describe("gateways and roles in the settings", () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      "PCGs named and denied",
      { "palette:pcg": '{"none":true}', ...watched, "palette:tenants": '[{"name":"a","pcgs":["p","q"]}]' },
      /^palette:pcg\.none: found true, but palette:tenants names a\/p, a\/q; keep one of the two\.$/,
    ],
    [
      "a PCG's kubeconfig beside their denial",
      { "palette:pcg": '{"none":true,"clusters":[{"pcg":"a/p","kubeconfig":"p.yaml"}]}' },
      /^palette:pcg\.none: found true, but palette:pcg\.clusters names a\/p; keep one of the two\.$/,
    ],
    [
      "values of a role that no release has",
      { "palette:values": '{"hubbel":{"a":"planted"}}' },
      /^palette:values\.hubbel: no release has this role \(did you mean palette:values\.hubble\?\); the roles are cert-manager, spectro-mgmt-crds, image-swap, reach-system, hubble\.$/,
    ],
    [
      "values below no role",
      { "palette:values": '{"mongo":{"replicas":1}}' },
      /^palette:values\.mongo: no release has this role; the roles are cert-manager, spectro-mgmt-crds, image-swap, reach-system, hubble\.$/,
    ],
  ];
  for (const [title, change, expected] of cases) {
    it(`refuses ${title}`, () => {
      const faults = faultsOf(change);
      assert.equal(faults.length, 1, faults.join(" | "));
      assert.match(faults[0]!, expected);
    });
  }

  it("takes tenants beside the word that none has a PCG: they are asked whether it is so", () => {
    const tenants = { ...watched, "palette:tenants": '[{"name":"a","pcgs":[]}]' };
    assert.deepEqual(faultsOf({ ...tenants, "palette:pcg": '{"none":true}' }), []);
  });

  for (const role of roles) {
    it(`takes values of ${role}`, () => {
      assert.deepEqual(faultsOf({ "palette:values": JSON.stringify({ [role]: { a: 1 } }) }), []);
    });
  }
});
