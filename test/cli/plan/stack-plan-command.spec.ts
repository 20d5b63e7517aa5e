import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { createVersionUnknownError } from "../../../lib/cli/plan/stack-plan-command.js";
import { RefusedError } from "../../../lib/base/errors/errors.js";

type Unseen = Parameters<typeof createVersionUnknownError>[0];

describe("plan --stack where no installed version is known", () => {
  const none: Unseen = {
    state: "empty",
    error: new RefusedError("NO_INSTALLATION", "There is no Helm release.", {
      next: "Check palette:kubernetes.context.",
    }),
  };
  const begun: Unseen = {
    state: "empty",
    error: new RefusedError("NOTHING_DEPLOYED", "It has no revision deployed.", { next: "Bring it there." }),
  };
  const two: Unseen = {
    state: "unclear",
    error: new RefusedError("TWO_INSTALLATIONS", "There are two.", { next: "Name one." }),
  };
  const silent: Unseen = { state: "unreachable", error: new SiteError("network", "no answer") };
  const installation = 'palette:install is true: "palette-upgrade preview --stack dev" shows the installation.';
  const table: [title: string, observed: Unseen, toInstall: boolean, message: string, next: string][] = [
    [
      "a clean cluster, to be installed on: the preview shows it",
      none,
      true,
      "No Palette is installed on the cluster yet, so no route begins there.",
      installation,
    ],
    [
      "an install that was begun: likewise",
      begun,
      true,
      "No Palette is installed on the cluster yet, so no route begins there.",
      installation,
    ],
    [
      "negative twin: the same cluster, nothing to be installed",
      none,
      false,
      "What is installed is not known: There is no Helm release.",
      "Check palette:kubernetes.context.",
    ],
    [
      "negative twin: to be installed, but the cluster holds something",
      two,
      true,
      "What is installed is not known: There are two.",
      "Name one.",
    ],
    [
      "unreachable, to be installed on: no installed version can be named",
      silent,
      true,
      "What is installed is not known: no answer",
      "Make the cluster reachable.",
    ],
    [
      "unreachable",
      silent,
      false,
      "What is installed is not known: no answer",
      'Make the cluster reachable, or set palette:installedVersion.expected to the installed version, e.g. "4.6.41".',
    ],
  ];
  for (const [title, observed, toInstall, message, next] of table) {
    it(title, () => {
      const refusal = createVersionUnknownError(observed, { stack: "dev", toInstall });
      assert.deepEqual([refusal.code, refusal.message, refusal.next], ["VERSION_UNKNOWN", message, next]);
    });
  }
});
