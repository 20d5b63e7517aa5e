import assert from "node:assert/strict";
import { RefusedError } from "../../lib/base/errors/errors.js";
import { renderStatus } from "../../lib/cli/status/status-text.js";
import { parseRecorded } from "../../lib/program/step/recorded.js";
import { parseSettings } from "../../lib/settings/settings.js";
import { toStackStatus, type StatusFacts } from "../../lib/driver/status.js";
import { type Observation } from "../../lib/site/types.js";
import { type JournalEntry } from "../../lib/journal/types.js";
import { addWhoBegan } from "../../lib/driver/who-began.js";
import { ana } from "../journal/entries.js";
import { revision } from "../gates/fake-site.js";

const settings = parseSettings(
  {
    "palette:target": "4.7.20",
    "palette:matrix": "palette-kubernetes-4.7.20",
    "palette:clusterIdentifier": "prod",
    "palette:acknowledge": JSON.stringify([
      { act: "backup", hop: "4.6.41->4.7.20", by: "ana", because: "done", until: "2026-11-20" },
    ]),
  },
  null,
);
const act = { name: "backup", when: "before", text: "Take a backup.", irreversible: false };

/** hubble at 4.6.41, and its newest revision where that is another. */
function observe(newest = revision({ revision: 7, chartVersion: "4.6.41" })): Observation {
  const deployed = revision({ revision: 7, chartVersion: "4.6.41" });
  const releases = [{ role: "hubble" as const, name: "hubble", namespace: "default", deployed, newest }];
  return { clusterUid: "uid-1", edition: "palette", observedVersion: "4.6.41", releases };
}

const prepared = {
  step: { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true },
  plan: { refusal: null, hops: [{ from: "4.6.41", to: "4.7.20", gates: [], acts: [act] }] },
  observation: { observedVersion: "4.6.41" },
  hopInProgress: null,
  notice: null,
} as unknown as NonNullable<StatusFacts["prepared"]>;
const facts: StatusFacts = {
  stack: "prod",
  settings,
  address: { server: "https://k8s.example:6443", context: "prod" },
  recorded: parseRecorded({ appliedVersion: "4.6.41", clusterUid: "uid-1" }),
  observation: observe(),
  prepared,
  refusal: null,
  lock: null,
  driver: { driver: null, unseen: null },
  journal: { where: ".palette/journal/prod.jsonl", entries: [], fault: null },
  today: "2026-11-20",
};

describe("status of a stack", () => {
  it("tells installed, recorded, target and what remains", () => {
    const status = toStackStatus(facts);
    assert.deepEqual(
      [status.installed, status.applied, status.target, status.next, status.remaining, status.openActs],
      ["4.6.41", "4.6.41", "4.7.20", { step: "hop", to: "4.7.20" }, ["4.7.20"], []],
    );
    assert.match(
      renderStatus(status),
      /remaining {2}4\.6\.41 -> 4\.7\.20 \(1 hop\)\n {2}next {7}hop to 4\.7\.20\n {2}lock {7}free/,
    );
  });

  it("an acknowledgement that has run out leaves its act open", () => {
    const { openActs } = toStackStatus({
      ...facts,
      today: "2026-11-21",
    });
    assert.deepEqual(openActs, [{ act: "backup", hop: "4.6.41->4.7.20", text: "Take a backup.", irreversible: false }]);
  });

  it("where the program would refuse, says why and guesses nothing", () => {
    const refusal = { code: "RELEASE_PENDING", message: "someone is upgrading now", next: "Wait." };
    const status = toStackStatus({ ...facts, observation: null, prepared: null, refusal });
    assert.deepEqual([status.installed, status.release, status.remaining, status.next], [null, null, null, null]);
    const text = renderStatus(status);
    assert.match(text, /RELEASE_PENDING: someone is upgrading now\n {2}Wait\./);
    assert.match(text, /installed {2}not known: RELEASE_PENDING\n/);
  });

  it("what could be read stands beside what refuses: version, revision, and the newest one where it is another", () => {
    const refusal = { code: "RELEASE_PENDING", message: "someone is upgrading now", next: "Wait." };
    const newest = revision({ revision: 8, chartVersion: "4.7.20", status: "pending-upgrade" });
    const status = toStackStatus({ ...facts, observation: observe(newest), prepared: null, refusal });
    assert.deepEqual(
      [status.installed, status.release, status.next, status.refusal],
      [
        "4.6.41",
        {
          namespace: "default",
          name: "hubble",
          revision: 7,
          newest: { revision: 8, status: "pending-upgrade", version: "4.7.20" },
        },
        null,
        refusal,
      ],
    );
    const text = renderStatus(status);
    assert.match(
      text,
      /installed {2}4\.6\.41, revision 7 of default\/hubble; newest is revision 8 \(pending-upgrade\) for 4\.7\.20\n/,
    );
    assert.match(text, /RELEASE_PENDING: someone is upgrading now\n/);
    assert.match(renderStatus(toStackStatus(facts)), /installed {2}4\.6\.41, revision 7 of default\/hubble\n/);
  });

  describe("a hop in progress", () => {
    const hopInProgress = { from: "4.6.41", to: "4.7.20", begunBy: "somebody else" as const, onRoute: false };
    const message = "Hop 4.6.41 -> 4.7.20 is in progress.";
    const shown = { ...hopInProgress, message, accepted: null };
    const statusWith = (refusal: RefusedError | null): ReturnType<typeof toStackStatus> =>
      toStackStatus({ ...facts, prepared: { ...prepared, hopInProgress: { ...shown, refusal } } });

    it("that the next up finishes is said first", () => {
      const status = statusWith(null);
      assert.deepEqual([status.hopInProgress, status.refusal], [shown, null]);
      assert.match(renderStatus(status), /^Stack prod\n {2}unfinished Hop 4\.6\.41 -> 4\.7\.20 is in progress\.\n/);
    });

    it("that nobody has accepted refuses, and what can be read is shown beside it", () => {
      const status = statusWith(new RefusedError("HOP_IN_PROGRESS", message, { next: "Find out who began it." }));
      assert.deepEqual([status.installed, status.remaining, status.next], ["4.6.41", ["4.7.20"], null]);
      const text = renderStatus(status);
      assert.match(text, /^Stack prod\n {2}unfinished the hop 4\.6\.41 -> 4\.7\.20, see HOP_IN_PROGRESS below\n/);
      assert.match(
        text,
        /\n\nHOP_IN_PROGRESS: Hop 4\.6\.41 -> 4\.7\.20 is in progress\.\n {2}Find out who began it\.\n/,
      );
    });

    it("that nobody has accepted, though the journal shows a begin of it: that is said, too", async () => {
      const refusal = new RefusedError("HOP_IN_PROGRESS", message, { next: "Find out who began it." });
      const event = { step: "hop", from: "4.6.41", to: "4.7.20", fingerprint: null, chartDigests: {} } as const;
      const entry: JournalEntry = {
        ...{ schemaVersion: 1, sequence: 1, at: "2026-11-20T10:00:00.000Z", stack: "prod", run: "run-1" },
        ...{ actor: ana, event: { kind: "update-started", ...event }, previous: "", hash: "" },
      };
      const begun =
        "Yet the journal of this stack has an update of this tool that began this hop: of 2026-11-20T10:00:00.000Z, run run-1, by ana on desk; it has no end in it.";
      const status = await addWhoBegan(statusWith(refusal), () => Promise.resolve([entry]));
      assert.ok(renderStatus(status).includes(`HOP_IN_PROGRESS: ${message} ${begun}\n`));
      const accepted = await addWhoBegan(statusWith(null), () => Promise.resolve([entry]));
      assert.ok(renderStatus(accepted).startsWith(`Stack prod\n  unfinished ${message} ${begun}\n`));
    });

    it("negative twin: none, and nothing is said of one", () => {
      assert.deepEqual(
        [toStackStatus(facts).hopInProgress, renderStatus(toStackStatus(facts)).includes("unfinished")],
        [null, false],
      );
    });
  });

  it("without the cluster the recorded version is not called installed", () => {
    const notice = "Preview without the cluster.";
    const status = toStackStatus({ ...facts, observation: null, prepared: { ...prepared, notice } });
    assert.deepEqual([status.installed, status.applied, status.notice], [null, "4.6.41", notice]);
    assert.match(renderStatus(status), /installed {2}not known: the cluster could not be asked\n/);
  });

  describe("on a clean cluster with palette:install", () => {
    const install = { kind: "install", destination: "4.8.47", resuming: false, declareReleases: true };
    const clean = (hops: { to: string; acts: never[] }[] = []): StatusFacts => ({
      ...facts,
      recorded: parseRecorded({}),
      observation: null,
      prepared: {
        ...prepared,
        step: install,
        plan: { refusal: null, from: "4.8.47", hops },
        observation: { observedVersion: "4.8.47" },
      } as unknown as StatusFacts["prepared"],
    });

    it("nothing is installed yet, and the installation is what remains", () => {
      const status = toStackStatus(clean());
      assert.deepEqual(
        [status.installed, status.nothingInstalled, status.remaining, status.next],
        [null, true, ["4.8.47"], { step: "install", to: "4.8.47" }],
      );
      const text = renderStatus(status);
      assert.match(text, /installed {2}nothing yet\n {2}recorded {3}nothing: this stack has not been enrolled\n/);
      assert.match(text, /remaining {2}4\.8\.47, to be installed\n {2}next {7}install 4\.8\.47\n/);
    });

    it("an install begun for an older version: the hops after it remain too", () => {
      const status = toStackStatus(clean([{ to: "4.9.14", acts: [] }]));
      assert.deepEqual(status.remaining, ["4.8.47", "4.9.14"]);
      assert.match(renderStatus(status), /remaining {2}4\.8\.47, to be installed -> 4\.9\.14 \(1 hop\)\n/);
    });

    it("negative twin: at the target and settled nothing remains, and what is installed is named", () => {
      const done = { kind: "done", destination: "4.8.47", declareReleases: true };
      const status = toStackStatus({
        ...clean(),
        observation: { ...observe(), observedVersion: "4.8.47" },
        prepared: { ...clean().prepared!, step: done } as unknown as StatusFacts["prepared"],
      });
      assert.deepEqual([status.installed, status.nothingInstalled, status.remaining], ["4.8.47", false, []]);
      assert.match(
        renderStatus(status),
        /installed {2}4\.8\.47, revision 7 of default\/hubble\n.*\n.*\n {2}remaining {2}nothing\n/,
      );
    });
  });

  it("a lock is told with what to do", () => {
    const lock = { user: "ana", host: "desk", pid: 12, since: "2026", advice: "Stack prod is locked.\nWait." };
    assert.match(renderStatus(toStackStatus({ ...facts, lock })), /lock {7}Stack prod is locked\.\n {13}Wait\./);
  });
});
