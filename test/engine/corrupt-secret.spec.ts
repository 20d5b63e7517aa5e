import assert from "node:assert/strict";
import { explainCorruptSecret } from "../../lib/engine/corrupt-secret.js";
import { explainOpening } from "../../lib/engine/engine-faults.js";

const path = "Pulumi.prod.yaml";
const secure = "secure: v1:AAAAAAAAAAAAAAAA:aGVsbG8gd29ybGQhIQ==";
const one = { path, text: `config:\n  a:\n    ${secure}\n` };
const two = { path, text: `config:\n  a:\n    ${secure}\n  b:\n    ${secure}\n` };

describe("a secret that cannot be decrypted", () => {
  /** As Pulumi printed them, from reports at github.com/pulumi/pulumi: 17457, 13128, and its service's. */
  const table: [title: string, said: string, file: typeof one | null, message: string][] = [
    [
      "a passphrase's",
      "error: could not decrypt configuration value: : cipher: message authentication failed",
      one,
      `${path}, line 3: a secret cannot be decrypted; it or the file's encryptionsalt was changed or lost, or it was copied from another stack.`,
    ],
    [
      "one that is named",
      "error: failed to decrypt encrypted configuration value 'palette:token': cipher: message authentication failed",
      two,
      `${path}, line 3 or 5: the secret palette:token cannot be decrypted; it or the file's encryptionsalt was changed or lost, or it was copied from another stack.`,
    ],
    [
      "one of Pulumi's service, without a file",
      "error: failed to decrypt encrypted configuration value 'palette:token': [400] Message authentication failed",
      null,
      "The stack's configuration file: the secret palette:token cannot be decrypted; it or the file's encryptionsalt was changed or lost, or it was copied from another stack.",
    ],
  ];
  for (const [title, said, file, message] of table)
    it(title, () => {
      const error = explainCorruptSecret(said, file);
      assert.deepEqual(
        [error?.code, error?.exitCode, error?.message, error?.next],
        [
          "STACK_FILE_INVALID",
          2,
          message,
          "Put the file's encryptionsalt back from version control where that was lost: Pulumi then writes a new one. Else set the secret again: pulumi config set --secret --path KEY. Each stack has secrets of its own.",
        ],
      );
    });

  const others: [title: string, said: string, code: string][] = [
    [
      "a wrong passphrase",
      "error: failed to decrypt encrypted configuration value 'palette:token': incorrect passphrase",
      "ENGINE_PASSPHRASE",
    ],
    [
      "a provider that denies",
      "error: failed to decrypt encrypted configuration value 'a': secrets (code=PermissionDenied): denied",
      "ENGINE_SECRETS_PROVIDER",
    ],
  ];
  for (const [title, said, code] of others)
    it(`negative twin: ${title}`, () =>
      assert.deepEqual([explainCorruptSecret(said, one), explainOpening(said)?.code], [null, code]));
});
