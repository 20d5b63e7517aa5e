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
  for (const [title, said, code, message] of table)
    it(title, () => {
      const error = explainOpening(said);
      assert.deepEqual([error?.code, error?.exitCode, error?.message], [code, 2, message]);
      assert.ok(error?.next);
    });

  it("in an update the same words may be about the cluster: they are left as they are", () => {
    assert.equal(explainTrouble("error: dial tcp 127.0.0.1:6443: connect: connection refused"), null);
  });

  it("anything else is left as it is", () => assert.equal(explainOpening("error: a fault of its own"), null));
});
