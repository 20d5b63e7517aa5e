import assert from "node:assert/strict";
import { explainOpening, explainTrouble } from "../../lib/engine/engine-faults.js";

describe("a stack that cannot be opened", () => {
  const table: [title: string, said: string, code: string, message: string][] = [
    [
      "a wrong passphrase",
      "error: incorrect passphrase",
      "ENGINE_PASSPHRASE",
      "The stack's secrets cannot be opened: incorrect passphrase.",
    ],
    [
      "a folder that is not there",
      'error: unable to open state directory "file:///srv/nowhere": stat /srv/nowhere: no such file or directory',
      "ENGINE_BACKEND",
      "The place where the stacks are kept cannot be opened: file:///srv/nowhere.",
    ],
    [
      "a bucket without credentials",
      'SDK 2026/11/21 19:51:47 WARN falling back\nerror: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): get credentials: no role',
      "ENGINE_BACKEND",
      'The place where the stacks are kept does not answer: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): get credentials: no role',
    ],
    [
      "a server that is not there",
      "error: getting stack: dial tcp 127.0.0.1:9: connect: connection refused",
      "ENGINE_BACKEND",
      "The place where the stacks are kept does not answer: getting stack: dial tcp 127.0.0.1:9: connect: connection refused",
    ],
    [
      "a token that is not accepted",
      "error: [401] Unauthorized: No credentials provided or are invalid",
      "ENGINE_BACKEND",
      "The place where the stacks are kept does not answer: [401] Unauthorized: No credentials provided or are invalid",
    ],
  ];
  /** As Pulumi 3.274.1 printed them here. */
  const seen: typeof table = [
    [
      "a passphrase file that is not there",
      "error: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /srv/pass: no such file or directory",
      "ENGINE_PASSPHRASE",
      "The stack's secrets cannot be opened: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /srv/pass: no such file or directory.",
    ],
    [
      "a container without an account",
      'error: unable to open bucket "azblob://palette": azureblob: Options.AccountName is required',
      "ENGINE_BACKEND",
      'The place where the stacks are kept does not answer: unable to open bucket "azblob://palette": azureblob: Options.AccountName is required',
    ],
    [
      "Google Cloud without credentials, of a bucket or of gcpkms",
      "error: missing google credentials: unable to find gcp credentials: google: could not find default credentials.",
      "ENGINE_BACKEND",
      "Pulumi finds no credentials of Google Cloud, which keeps the stacks (gs://) or opens their secrets (gcpkms://): unable to find gcp credentials: google: could not find default credentials.",
    ],
    [
      "the service without a token",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "ENGINE_BACKEND",
      "Pulumi does not know where the stacks are kept.",
    ],
    [
      "the service that is not reached",
      'error: performing HTTP request: Get "https://api.pulumi.com/api/user": dial tcp: lookup api.pulumi.com on 192.0.2.1:53: no such host',
      "ENGINE_BACKEND",
      'The place where the stacks are kept does not answer: performing HTTP request: Get "https://api.pulumi.com/api/user": dial tcp: lookup api.pulumi.com on 192.0.2.1:53: no such host',
    ],
  ];
  for (const [title, said, code, message] of [...table, ...seen])
    it(title, () => {
      const error = explainOpening(said);
      assert.deepEqual([error?.code, error?.exitCode, error?.message], [code, 2, message]);
      assert.ok(error?.next);
    });

  /** As pulumi printed them, from reports at github.com/pulumi: pulumi-aws 2079, pulumi 4663, 13182, 6332, 5842, actions 1045. */
  const providers: [title: string, said: string, name: string, why?: string][] = [
    [
      "AWS KMS without credentials",
      'error: constructing secrets manager of type "cloud": secrets (code=Unknown): operation error KMS: Decrypt, failed to sign request: failed to retrieve credentials: no EC2 IMDS role found, operation error ec2imds: GetMetadata',
      "AWS KMS (awskms)",
    ],
    [
      "AWS KMS that denies",
      "error: getting secrets manager: secrets (code=Unknown): AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.\n\tstatus code: 400, request id: x",
      "AWS KMS (awskms)",
    ],
    [
      "AWS KMS that is not reached, in the words of a backend that is not",
      'error: getting stack configuration: get stack secrets manager: secrets (code=Unknown): Post "https://kms.eu-west-1.amazonaws.com/": dial tcp: lookup kms.eu-west-1.amazonaws.com: no such host',
      "AWS KMS (awskms)",
    ],
    [
      "Azure Key Vault that denies",
      "error: getting stack configuration: get stack secrets manager: secrets (code=PermissionDenied): POST https://kv-1.vault.azure.net/keys/k/decrypt\n---\nRESPONSE 403: 403 Forbidden",
      "Azure Key Vault (azurekeyvault)",
    ],
    [
      "Azure Key Vault without a login",
      "error: open keeper azurekeyvault://kv-1.vault.azure.net/keys/k: failed to Dial default KeyVault: Invoking Azure CLI failed with the following error:",
      "Azure Key Vault (azurekeyvault)",
    ],
    [
      "Azure Key Vault with another key",
      "error: secrets (code=InvalidArgument): keyvault.BaseClient#Decrypt: Failure responding to request: StatusCode=400",
      "Azure Key Vault (azurekeyvault)",
    ],
    [
      "Google Cloud KMS without credentials",
      "error: getting secrets manager: open keeper gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k: google: could not find default credentials",
      "Google Cloud KMS (gcpkms)",
    ],
    [
      "Vault that is not reached",
      'error: constructing secrets manager of type "cloud": secrets (code=Unknown): Put "http://127.0.0.1:8200/v1/transit/decrypt/k": dial tcp 127.0.0.1:8200: connect: connection refused',
      "HashiCorp Vault (hashivault)",
    ],
  ];
  for (const [title, said, name] of providers)
    it(`secrets provider: ${title}`, () => {
      const why = said
        .split("\n")[0]!
        .replace(/^error: /, "")
        .replace(/\.$/, "");
      for (const explain of [explainOpening, explainTrouble]) {
        const error = explain(said);
        assert.deepEqual(
          [error?.code, error?.exitCode, error?.message],
          ["ENGINE_SECRETS_PROVIDER", 2, `The stack's secrets provider, ${name}, does not open its secrets: ${why}.`],
        );
        assert.match(error?.next ?? "", /^Look at secretsprovider in the stack's configuration file/);
      }
    });

  /** As `pulumi config --show-secrets` of 3.274.1 printed them here: a line for each error, without "secrets (code=…)". */
  const counted: [title: string, said: string, name: string][] = [
    [
      "AWS KMS without credentials",
      "operation error KMS: Decrypt, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found",
      "AWS KMS (awskms)",
    ],
    [
      "Azure Key Vault that is not reached",
      'Post "https://kv-1.vault.azure.net/keys/k/decrypt?api-version=2025-07-01": dial tcp: lookup kv-1.vault.azure.net on 192.0.2.1:53: no such host',
      "Azure Key Vault (azurekeyvault)",
    ],
    [
      "Vault that is not reached",
      'Put "http://127.0.0.1:1/v1/transit/decrypt/k": dial tcp 127.0.0.1:1: connect: connection refused',
      "HashiCorp Vault (hashivault)",
    ],
  ];
  for (const [title, said, name] of counted)
    it(`secrets provider, errors counted: ${title}`, () => {
      const error = explainOpening(`error: 2 errors occurred:\n    1) ${said}\n    2) Unknown`);
      assert.deepEqual(
        [error?.code, error?.message],
        ["ENGINE_SECRETS_PROVIDER", `The stack's secrets provider, ${name}, does not open its secrets: ${said}.`],
      );
    });

  it("secrets provider: a scheme that is none", () =>
    assert.equal(
      explainOpening('error: open secrets.Keeper: no driver registered for "nosuch" for URL "nosuch://k"')?.code,
      "ENGINE_SECRETS_PROVIDER",
    ));

  it("secrets provider: one that no name is known of", () =>
    assert.equal(
      explainOpening("error: getting secrets manager: unknown scheme")?.message,
      "The stack's secrets provider does not open its secrets: getting secrets manager: unknown scheme.",
    ));

  const others: [title: string, said: string, code: string][] = [
    [
      "a passphrase is its own code",
      "error: getting secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
      "ENGINE_PASSPHRASE",
    ],
    [
      "Pulumi's service keeps secrets itself",
      'error: constructing secrets manager of type "service": dial tcp: lookup api.example: no such host',
      "ENGINE_BACKEND",
    ],
    [
      "errors counted in one, of the backend",
      "error: 2 errors occurred:\n    1) operation error S3: GetObject, dial tcp: lookup s3.eu-west-1.amazonaws.com: no such host\n    2) Unknown",
      "ENGINE_BACKEND",
    ],
    [
      "a bucket is a backend",
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): AccessDenied',
      "ENGINE_BACKEND",
    ],
  ];
  for (const [title, said, code] of others)
    it(`negative twin: ${title}`, () => assert.equal(explainOpening(said)?.code, code));

  it("in an update the same words may be about the cluster: they are left as they are", () => {
    assert.equal(explainTrouble("error: dial tcp 127.0.0.1:6443: connect: connection refused"), null);
  });

  it("anything else is left as it is", () => assert.equal(explainOpening("error: a fault of its own"), null));
});
