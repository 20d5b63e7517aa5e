import assert from "node:assert/strict";
import { InvalidInputError } from "../../lib/base/errors/errors.js";
import { refuseClearSecrets, type ClearSecretsInput } from "../../lib/settings/clear-secrets.js";

const planted = "planted-5ecret";

type Secrets = ClearSecretsInput["settings"]["secrets"];

function ask(
  { secrets = {}, values = {} }: { secrets?: Partial<Secrets>; values?: ClearSecretsInput["settings"]["values"] },
  secretKeys: string[],
  stackFile: string | null = null,
): string[] {
  const settings = { secrets: { apiKeys: {}, mongoUri: "", chartsPassword: "", ...secrets }, values };
  return refuseClearSecrets({
    settings,
    isSecret: (key) => secretKeys.includes(key),
    stackFile: stackFile === null ? null : { path: "Pulumi.dev.yaml", text: stackFile },
  });
}

function stackFile(keys: Record<string, string>, mongoUri = "{ secure: v1:xyz }"): string {
  const entries = Object.entries(keys).map(([name, key]) => `      ${name}: ${key}\n`);
  return `config:\n  palette:target: "4.7.20"\n  palette:secrets:\n    mongoUri: ${mongoUri}\n    apiKeys:\n${entries.join("")}`;
}

describe("secrets in clear in a stack's configuration", () => {
  const refused: [string, () => string[], string, string][] = [
    [
      "an API key, the key not being secret",
      () => ask({ secrets: { apiKeys: { acme: planted } } }, []),
      "palette:secrets.apiKeys.acme stands in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret --path 'palette:secrets.apiKeys.acme'",
    ],
    [
      "one of two API keys, as the file shows",
      () =>
        ask(
          { secrets: { apiKeys: { acme: planted, "acme.io": planted } } },
          ["secrets"],
          stackFile({ acme: "{ secure: v1:abc }", "acme.io": planted }),
        ),
      'palette:secrets.apiKeys["acme.io"] stands in clear in the stack\'s configuration; the engine would keep and show it so.',
      "pulumi config set --secret --path 'palette:secrets.apiKeys[\"acme.io\"]'",
    ],
    [
      "a connection string beside an encrypted API key, as the file shows",
      () =>
        ask(
          { secrets: { apiKeys: { acme: planted }, mongoUri: planted } },
          ["secrets"],
          stackFile({ acme: "{ secure: v1:abc }" }, planted),
        ),
      "palette:secrets.mongoUri stands in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret --path 'palette:secrets.mongoUri'",
    ],
    [
      "a connection string and a registry's password",
      () => ask({ secrets: { mongoUri: `mongodb://u:${planted}@h`, chartsPassword: planted } }, []),
      "palette:secrets.mongoUri, palette:secrets.chartsPassword stand in clear in the stack's configuration; the engine would keep and show it so.",
      "pulumi config set --secret --path 'palette:secrets.mongoUri' and pulumi config set --secret --path 'palette:secrets.chartsPassword'",
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
    const secrets = { apiKeys: { acme: planted, globex: planted }, mongoUri: planted, chartsPassword: planted };
    const file = stackFile({ acme: "{ secure: v1:abc }", globex: "{ secure: v1:def }" });
    assert.deepEqual(ask({ secrets }, ["secrets"], file), []);
    assert.deepEqual(ask({ secrets }, ["secrets"], "config:\n  palette:secrets:\n    secure: v1:abc\n"), []);
    assert.deepEqual(ask({ secrets }, ["secrets"]), [], "an environment's, of which there is no file");
    assert.deepEqual(ask({}, []), []);
  });

  it("Helm values under a name like a secret's are reported, not refused; other names are not", () => {
    const values = { hubble: { mongo: { databasePassword: planted, replicas: 3 }, tokenizer: "x" } };
    assert.deepEqual(ask({ values }, []), [
      "palette:values.hubble.mongo.databasePassword looks like a secret and stands in clear in the stack's configuration: pulumi config set --secret --path 'palette:values.hubble.mongo.databasePassword'",
    ]);
    assert.deepEqual(ask({ values }, ["values"]), []);
  });
});
