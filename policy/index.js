// What `--policy-pack policy` starts; the code lies in ../dist.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const compiled = join(__dirname, "..", "dist", "lib", "policy", "pack.js");
if (!existsSync(compiled)) {
  throw new Error(
    "POLICY_NOT_BUILT: the policy pack is not compiled. Run `npm ci`, or `npm run build`, in the checkout first.",
  );
}
require(compiled).startPolicyPack();
