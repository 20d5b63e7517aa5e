import assert from "node:assert/strict";
import { type HelmRevision } from "../../lib/site/types.js";
import { createLockRefusal, findOrphanedProviders, type LockSurroundings } from "../../lib/driver/inspect-lock.js";
import { formatHolder, parseHolder } from "../../lib/engine/pulumi-lock.js";
import { type LockHolder } from "../../lib/engine/stack-access.js";

const holder: LockHolder = { user: "ana", host: "desk", pid: 12, since: "2026-11-20T10:00:00Z" };
const around: LockSurroundings = { stack: "prod", host: "desk", isAlive: false, pending: null, orphans: [] };
const pending = {
  name: "hubble",
  namespace: "default",
  revision: 3,
  status: "pending-upgrade",
  chartVersion: "4.7.20",
  lastDeployed: "2026-11-20T10:01:00Z",
} as HelmRevision;

describe("advice on a locked stack", () => {
  const cases: {
    title: string;
    holder: LockHolder | null;
    around: Partial<LockSurroundings>;
    message: string;
    next: string[];
  }[] = [
    {
      title: "its process lives: wait, and no word of cancelling",
      holder,
      around: { isAlive: true },
      message: "Stack prod is locked by ana@desk (process 12) since 2026-11-20T10:00:00Z; that process is alive.",
      next: ["Wait until that run has ended, then run the same command again."],
    },
    {
      title: "its process is gone and nothing moves: the lock can go",
      holder,
      around: {},
      message:
        "Stack prod is locked by ana@desk (process 12) since 2026-11-20T10:00:00Z; that process is gone: the run was killed and left its lock.",
      next: [
        'Nothing moves any more: take the lock away with "pulumi cancel --stack prod", then run the same command again; it goes on from what is observed.',
      ],
    },
    {
      title: "a pending revision and a provider that lives on come first, the lock last",
      holder,
      around: { pending, orphans: [77] },
      message:
        "Stack prod is locked by ana@desk (process 12) since 2026-11-20T10:00:00Z; that process is gone: the run was killed and left its lock.",
      next: [
        'First the pending revision: release "hubble" in namespace "default", revision 3 (pending-upgrade) for 4.7.20, begun 2026-11-20T10:01:00Z. Helm may still be at work: wait until it is deployed or failed.',
        "The killed run's provider still runs here (process 77), and perhaps Helm in it: wait until it has ended by itself, as Helm does when palette:helm.timeout are over.",
        'When nothing moves any more: take the lock away with "pulumi cancel --stack prod", then run the same command again; it goes on from what is observed.',
      ],
    },
    {
      title: "on another machine: look there first",
      holder: { ...holder, host: "ci-7" },
      around: { isAlive: null, pending: "unseen" },
      message: "Stack prod is locked by ana@ci-7 (process 12) since 2026-11-20T10:00:00Z.",
      next: [
        "Look on ci-7 whether that run still lives; if so, wait for it.",
        "The cluster could not be asked whether a Helm release is pending: look first (helm list --pending --all-namespaces).",
        'Only where it is gone and nothing moves: "pulumi cancel --stack prod", then run the same command again.',
      ],
    },
    {
      title: "a backend that does not report who",
      holder: null,
      around: { isAlive: null },
      message: "Stack prod is locked by another update.",
      next: [
        "Find out who runs it.",
        'Only where it is gone and nothing moves: "pulumi cancel --stack prod", then run the same command again.',
      ],
    },
  ];
  for (const { title, holder, around: changed, message, next } of cases) {
    it(title, () => {
      assert.deepEqual(createLockRefusal(holder, { ...around, ...changed }), {
        code: "STACK_LOCKED",
        message,
        next: next.join("\n"),
      });
    });
  }

  it("reads the holder out of what a refused update says", () => {
    const said =
      "error: the stack is currently locked by 1 lock(s).\n  file:///b/.pulumi/locks/x.json: created by ana@desk (pid 12) at 2026-11-20T10:00:00Z";
    assert.deepEqual(parseHolder(said), holder);
    assert.deepEqual(parseHolder(`Another update of this stack is under way, ${formatHolder(holder)}.`), holder);
    assert.equal(parseHolder("error: something else"), null);
  });
});

describe("providers that outlived their engine", () => {
  const cases: { title: string; lines: string[]; pids: number[] }[] = [
    {
      title: "under its engine: none",
      lines: ["  10  1 pulumi up --yes", "  11 10 /x/pulumi-resource-kubernetes 127.0.0.1:1"],
      pids: [],
    },
    { title: "taken over by init", lines: ["  11  1 /x/pulumi-resource-kubernetes 127.0.0.1:1"], pids: [11] },
    { title: "of another provider: none", lines: ["  11  1 /x/pulumi-resource-command 127.0.0.1:1"], pids: [] },
    {
      title: "under something that is no engine",
      lines: [" 9 1 /sbin/init", " 11 9 pulumi-resource-kubernetes"],
      pids: [11],
    },
    { title: "a search for it: none", lines: ["  11  1 vi notes-on-pulumi-resource-kubernetes.txt"], pids: [] },
  ];
  for (const { title, lines, pids } of cases) it(title, () => assert.deepEqual(findOrphanedProviders(lines), pids));
});
