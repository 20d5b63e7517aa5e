import assert from "node:assert/strict";
import { listClearReleases, sealValues } from "../../lib/engine/clear-values.js";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const type = "kubernetes:helm.sh/v3:Release";
const urn = (name: string): string => `urn:pulumi:dev::palette::${type}::${name}`;
const values = { mongo: { databasePassword: "planted-password" } };

function state(...resources: object[]): unknown {
  return { version: 3, deployment: { manifest: {}, resources } };
}

describe("Helm values in clear in a stored state", () => {
  const cases: { title: string; state: unknown; names: string[] }[] = [
    {
      title: "inputs",
      state: state({ type, urn: urn("hubble"), inputs: { values }, outputs: { values: secret } }),
      names: ["hubble"],
    },
    {
      title: "outputs",
      state: state({ type, urn: urn("hubble"), inputs: { values: secret }, outputs: { values } }),
      names: ["hubble"],
    },
    {
      title: "inside the provider's own copy of the inputs",
      state: state({ type, urn: urn("hubble"), inputs: {}, outputs: { __inputs: { values } } }),
      names: ["hubble"],
    },
    {
      title: "two releases, one of them clear",
      state: state({ type, urn: urn("b"), inputs: { values: secret } }, { type, urn: urn("a"), inputs: { values } }),
      names: ["a"],
    },
    {
      title: "a checkpoint of a file backend",
      state: { checkpoint: { latest: { resources: [{ type, urn: urn("hubble"), inputs: { values } }] } } },
      names: ["hubble"],
    },
    {
      title: "encrypted: none",
      state: state({ type, urn: urn("hubble"), inputs: { values: secret }, outputs: { values: secret } }),
      names: [],
    },
    {
      title: "encrypted as a whole: none",
      state: state({ type, urn: urn("hubble"), inputs: secret, outputs: {} }),
      names: [],
    },
    { title: "empty values: none", state: state({ type, urn: urn("hubble"), inputs: { values: {} } }), names: [] },
    {
      title: "a resource of another type: none",
      state: state({ type: "kubernetes:core/v1:ConfigMap", urn: "x", inputs: { values } }),
      names: [],
    },
    { title: "no state at all: none", state: null, names: [] },
  ];
  for (const { title, state, names } of cases) {
    it(title, () => {
      assert.deepEqual(listClearReleases(state), names);
      const sealed = sealValues(state);
      assert.deepEqual(listClearReleases(sealed), []);
      if (names.length === 0) assert.deepEqual(sealed, state, "what holds nothing in clear is left as it is");
    });
  }

  it("keeps the values, for the engine to encrypt", () => {
    const sealed = sealValues(state({ type, urn: urn("hubble"), inputs: { values, name: "hubble" } })) as never;
    const { inputs } = sealed["deployment"]["resources"][0] as {
      inputs: { values: { plaintext: string }; name: string };
    };
    assert.deepEqual(JSON.parse(inputs.values.plaintext), values);
    assert.equal(inputs.name, "hubble");
  });
});
