import assert from "node:assert/strict";
import { InvalidInputError } from "../../lib/base/errors/errors.js";
import { refuseClearSecrets, type ClearSecretsInput } from "../../lib/settings/clear-secrets.js";

const planted = "planted-5ecret";
const tenant = { name: "acme", apiKey: planted, pcgs: [] };

function ask(
  change: Partial<ClearSecretsInput["settings"]>,
  secret: string[],
  stackFile: string | null = null,
): string[] {
  const settings = { tenants: [], mongoUri: "", chartsPassword: "", values: {}, ...change };
  return refuseClearSecrets({ settings, isSecret: (key) => secret.includes(key), stackFile });
}

function stackFile(...keys: string[]): string {
  const entries = keys.map((key) => `      - name: acme\n        apiKey: ${key}\n        pcgs: []`);
  return `config:\n  palette:target: "4.7.20"\n  palette:tenants:\n${entries.join("\n")}\n`;
}

describe("secrets in clear in a stack's configuration", () => {
  const refused: [string, () => string[], string, string][] = [
    [
      "an API key, no key of tenants being secret",
      () => ask({ tenants: [tenant] }, []),
      "palette:tenants[0].apiKey stands in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret --path 'palette:tenants[0].apiKey'",
    ],
    [
      "one of two API keys, as the file shows",
      () => ask({ tenants: [tenant, tenant] }, ["tenants"], stackFile("{ secure: v1:abc }", planted)),
      "palette:tenants[1].apiKey stands in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret --path 'palette:tenants[1].apiKey'",
    ],
    [
      "a connection string and a registry's password",
      () => ask({ mongoUri: `mongodb://u:${planted}@h`, chartsPassword: planted }, []),
      "palette:mongoUri, palette:chartsPassword stand in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret 'palette:mongoUri' and pulumi config set --secret 'palette:chartsPassword'",
    ],
  ];
  for (const [title, run, message, command] of refused) {
    it(`${title}: refused, with the command that fixes it and without the value`, () => {
      assert.throws(run, (error) => {
        assert.ok(error instanceof InvalidInputError);
        assert.deepEqual([error.code, error.message], ["SECRET_IN_CLEAR", message]);
        assert.ok(error.next?.includes(command), error.next);
        assert.ok(!`${error.message}${error.next}`.includes(planted));
        return true;
      });
    });
  }

  it("negative twin: all of them kept as secrets", () => {
    const tenants = [tenant, tenant];
    const secret = ["tenants", "mongoUri", "chartsPassword"];
    const file = stackFile("{ secure: v1:abc }", "{ secure: v1:def }");
    assert.deepEqual(ask({ tenants, mongoUri: planted, chartsPassword: planted }, secret, file), []);
    assert.deepEqual(ask({ tenants }, ["tenants"]), [], "an environment's, of which there is no file");
    assert.deepEqual(ask({}, []), []);
  });

  it("Helm values under a name like a secret's are told, not refused; other names are not", () => {
    const values = { hubble: { mongo: { databasePassword: planted, replicas: 3 }, tokenizer: "x" } };
    assert.deepEqual(ask({ values }, []), [
      "palette:values.hubble.mongo.databasePassword looks like a secret and stands in clear in the stack's configuration: pulumi config set --secret --path 'palette:values.hubble.mongo.databasePassword'",
    ]);
    assert.deepEqual(ask({ values }, ["values"]), []);
  });
});
