import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeHelmSecret } from "../../../packages/rehearsal/lib/helm-storage.js";
import { findInstallation, type Installation } from "../../../lib/site/installation.js";
import { readHelmRevision } from "../../../lib/site/helm/records.js";
import { type HelmRevision, type HelmStatus } from "../../../lib/site/types.js";
import { revision } from "../../gates/fake-site.js";

/** Legend: Palette is looked for in namespace default; `secret` is where a record lies, `payload` what it says. */
interface Stored {
  secret?: { namespace?: string; name?: string };
  payload?: Partial<{ name: string; namespace: string; version: number; chart: string; status: HelmStatus }>;
  /** Chart and app version. */
  of?: string;
  /** In the place of a record. */
  garbage?: boolean;
}

function store({ secret = {}, payload = {}, of = "4.6.41", garbage = false }: Stored): HelmRevision {
  const { name = "hubble", namespace = "default", version = 6, chart = "spectro-mgmt-plane" } = payload;
  const record = {
    name,
    namespace,
    version,
    info: { status: payload.status ?? ("deployed" as const), last_deployed: "2026-11-01T10:00:00Z" },
    chart: { metadata: { name: chart, version: of, appVersion: of } },
    config: {},
    manifest: "",
  };
  const { metadata, data } = encodeHelmSecret(record, "2026-11-01T10:00:00Z");
  return readHelmRevision({
    name: secret.name ?? metadata.name,
    namespace: secret.namespace ?? namespace,
    release: garbage ? "bm9uc2Vuc2U=" : data["release"],
  });
}

/** The version, or the code; with the number of remarks where there are some. */
function summarise(found: Installation): string {
  if (found.state !== "installed") return found.error.code;
  return found.remarks.length === 0 ? found.version : `${found.version}, ${found.remarks.length} remark`;
}

const own = store({});
const unreadable = (name: string, namespace = "default"): HelmRevision =>
  store({ secret: { name, namespace }, garbage: true });

describe("whose record it is", () => {
  const table: [title: string, revisions: HelmRevision[], answer: string][] = [
    ["a record that its Secret names", [own], "4.6.41"],
    ["a restored copy in another namespace is no installation", [store({ secret: { namespace: "velero" } })], "NO_INSTALLATION"],
    ["beside the installation it is a remark", [own, store({ secret: { namespace: "velero" } })], "4.6.41, 1 remark"],
    ["a newer copy moves nothing", [own, store({ secret: { namespace: "velero" }, payload: { version: 9 }, of: "4.7.20" })], "4.6.41, 1 remark"],
    ["a copy of another Palette's record, in our namespace", [own, store({ secret: { namespace: "default" }, payload: { namespace: "other" } })], "RECORD_INVALID"],
    ["a Secret of another revision than its record", [own, store({ secret: { name: "sh.helm.release.v1.hubble.v7" } })], "RECORD_INVALID"],
    ["a Secret of another release than its record", [store({ secret: { name: "sh.helm.release.v1.bubble.v6" } })], "RECORD_INVALID"],
    ["a second Secret for one revision, under a name of its own", [own, store({ secret: { name: "hubble-before-upgrade" } })], "RECORD_INVALID"],
    ["a copy of another chart's record, in a foreign namespace", [own, store({ secret: { namespace: "velero" }, payload: { chart: "cert-manager", name: "cert-manager", namespace: "cert-manager" } })], "4.6.41, 1 remark"],
    ["a misnamed record of a foreign chart", [own, store({ secret: { name: "sh.helm.release.v1.grafana.v2" }, payload: { chart: "grafana", name: "grafana" } })], "4.6.41, 1 remark"],
    ["unreadable: a revision of Palette's own release", [own, unreadable("sh.helm.release.v1.hubble.v7")], "RECORD_INVALID"],
    ["unreadable: a release by the vendor's name", [own, unreadable("sh.helm.release.v1.cert-manager.v1", "cert-manager")], "RECORD_INVALID"],
    ["unreadable: another tool's release in another namespace", [own, unreadable("sh.helm.release.v1.grafana.v1", "monitoring")], "4.6.41, 1 remark"],
    ["unreadable: another release in the namespace, where Palette's is known", [own, unreadable("sh.helm.release.v1.grafana.v1")], "4.6.41, 1 remark"],
    ["unreadable: in the namespace, where Palette's is not found: it may be it", [unreadable("sh.helm.release.v1.grafana.v1")], "RECORD_INVALID"],
    ["unreadable: a Secret that Helm did not name", [own, unreadable("app-state-7")], "4.6.41, 1 remark"],
  ]; // prettier-ignore
  for (const [title, revisions, answer] of table) {
    it(`${title}: ${answer}`, () => {
      for (const order of [revisions, [...revisions].reverse()])
        assert.equal(summarise(findInstallation(order, "default")), answer);
    });
  }

  it("a copy is named where nothing else is found", () => {
    const found = findInstallation([store({ secret: { namespace: "velero" } })], "default");
    assert.ok(found.state === "empty");
    assert.equal(
      found.error.message,
      "There is no Helm release of chart spectro-mgmt-plane in namespace default, and none in any other namespace that can be read. " +
        "Helm's release record velero/sh.helm.release.v1.hubble.v6 is that of release default/hubble, revision 6, which its Secret does not name.",
    );
  });
});

/** Status and version of each revision of hubble, from revision 5 on. */
type History = [status: HelmStatus, version: string][];

function write(history: History): HelmRevision[] {
  return history.map(([status, chartVersion], index) => revision({ revision: 5 + index, status, chartVersion }));
}

describe("a history that contradicts itself", () => {
  const table: [title: string, history: History, answer: string][] = [
    ["a hop", [["superseded", "4.5.23"], ["deployed", "4.6.41"]], "4.6.41"],
    ["a hop that failed after it", [["superseded", "4.5.23"], ["deployed", "4.6.41"], ["failed", "4.7.20"]], "4.6.41"],
    ["rolled back by hand", [["superseded", "4.5.23"], ["superseded", "4.6.41"], ["deployed", "4.5.23"]], "DOWNGRADED"],
    ["rolled back, then the values were changed", [["superseded", "4.6.41"], ["superseded", "4.5.23"], ["deployed", "4.5.23"]], "DOWNGRADED"],
    ["an older chart was installed over it", [["deployed", "4.6.41"], ["deployed", "4.6.40"]], "DOWNGRADED"],
    ["uninstalled with its history kept, then an older one installed", [["superseded", "4.5.23"], ["uninstalled", "4.6.41"], ["deployed", "4.5.23"]], "DOWNGRADED"],
    ["uninstalled with its history kept, then the same installed", [["uninstalled", "4.6.41"], ["deployed", "4.6.41"]], "4.6.41"],
    ["uninstalled with its history kept, then a newer one installed", [["uninstalled", "4.6.41"], ["superseded", "4.6.41"], ["deployed", "4.7.20"]], "4.7.20"],
    ["a rollback of a failed try: nothing newer was deployed", [["superseded", "4.5.23"], ["failed", "4.6.41"], ["deployed", "4.5.23"]], "4.5.23"],
    ["superseded after the last deployed", [["deployed", "4.5.23"], ["superseded", "4.6.41"], ["failed", "4.7.20"]], "HISTORY_CONTRADICTS"],
    ["the same version, superseded after the last deployed", [["deployed", "4.6.41"], ["superseded", "4.6.41"]], "HISTORY_CONTRADICTS"],
    ["only superseded", [["superseded", "4.5.23"], ["superseded", "4.6.41"]], "NOTHING_DEPLOYED"],
  ]; // prettier-ignore
  for (const [title, history, answer] of table) {
    it(`${title}: ${answer}`, () => {
      assert.equal(summarise(findInstallation(write(history), "default")), answer);
    });
  }

  it("one revision twice is unknown, whatever their order; of any release of the set", () => {
    const hop = write([
      ["superseded", "4.5.23"],
      ["deployed", "4.6.41"],
    ]);
    const certManager = { name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5", revision: 1 };
    const cases: HelmRevision[][] = [
      [...hop, revision({ revision: 6, chartVersion: "4.7.20" })],
      [...hop, revision({ revision: 6, chartVersion: "4.6.41", status: "failed" })],
      [...hop, revision(certManager), revision({ ...certManager, chartVersion: "1.16.1" })],
    ];
    for (const revisions of cases)
      for (const order of [revisions, [...revisions].reverse()])
        assert.equal(summarise(findInstallation(order, "default")), "HISTORY_CONTRADICTS");
  });

  const statuses: HelmStatus[] = ["deployed", "superseded", "failed", "pending-upgrade", "uninstalled"];
  const generated = fc.array(
    fc.record({
      name: fc.constantFrom("hubble", "hubble", "hubble", "bubble"),
      namespace: fc.constantFrom("default", "default", "default", "other"),
      revision: fc.integer({ min: 1, max: 6 }),
      status: fc.constantFrom(...statuses),
      chartVersion: fc.constantFrom("4.5.23", "4.6.41", "4.7.20", "4.10.0"),
    }),
    { maxLength: 6 },
  );

  it("property: generated histories are judged as a naive reader judges them", () => {
    const answers = new Set<string>();
    fc.assert(
      fc.property(generated, (parts) => {
        const revisions = parts.map((part) => revision(part));
        const answer = summarise(findInstallation(revisions, "default"));
        answers.add(answer);
        assert.equal(answer, judgeNaively(revisions));
        assert.equal(summarise(findInstallation([...revisions].reverse(), "default")), answer);
      }),
      { numRuns: 3000 },
    );
    const reached = ["DOWNGRADED", "HISTORY_CONTRADICTS", "NOTHING_DEPLOYED", "NO_INSTALLATION", "TWO_INSTALLATIONS", "4.5.23", "4.10.0"]; // prettier-ignore
    assert.deepEqual(reached.filter((code) => !answers.has(code)), []); // prettier-ignore
  });
});

const rank = ["4.5.23", "4.6.41", "4.7.20", "4.10.0"];

/** The oracle: says of each release in namespace default what a person would, walking its revisions from the newest. */
function judgeNaively(revisions: HelmRevision[]): string {
  const here = revisions.filter(({ namespace }) => namespace === "default");
  const living: string[] = [];
  const verdicts: Record<string, string> = {};
  for (const name of ["hubble", "bubble"]) {
    const numbers = [6, 5, 4, 3, 2, 1];
    const at = (number: number): HelmRevision[] => here.filter((r) => r.name === name && r.revision === number);
    const newest = numbers.find((number) => at(number).length > 0);
    if (newest === undefined) continue;
    if (numbers.some((number) => at(number).length > 1)) {
      if (at(newest).every(({ status }) => status === "uninstalled")) continue;
      verdicts[name] = "HISTORY_CONTRADICTS";
      living.push(name);
      continue;
    }
    if (at(newest)[0]!.status === "uninstalled") continue;
    living.push(name);
    let verdict = "NOTHING_DEPLOYED";
    let isSuperseded = false;
    for (const number of numbers) {
      const [found] = at(number);
      if (found === undefined) continue;
      if (verdict === "NOTHING_DEPLOYED" && found.status === "superseded") isSuperseded = true;
      if (verdict === "NOTHING_DEPLOYED" && found.status === "deployed") {
        verdict = isSuperseded ? "HISTORY_CONTRADICTS" : found.chartVersion;
      } else if (rank.includes(verdict) && ["superseded", "deployed", "uninstalled"].includes(found.status)) {
        if (rank.indexOf(found.chartVersion) > rank.indexOf(verdict)) verdict = "DOWNGRADED";
      }
    }
    verdicts[name] = verdict;
  }
  if (living.length === 0) return "NO_INSTALLATION";
  if (living.length > 1) return "TWO_INSTALLATIONS";
  return verdicts[living[0]!]!;
}
