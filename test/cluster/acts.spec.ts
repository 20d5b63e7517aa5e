import assert from "node:assert/strict";
import { getAct } from "../../lib/acts/registry.js";
import { runAct, type ActEnd } from "../../lib/acts/run-act.js";
import { type ActName } from "../../lib/acts/types.js";
import { createConnectOptions } from "../../lib/program/rehearsal/connect-options.js";
import { connectSite } from "../../lib/site/connect.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { clusterRig, rolledOut, type ClusterRig } from "./support/cluster-rig.js";
import { judged, placeOf, sentences, verdictWords } from "./support/gate-runner.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { print } from "./support/measures.js";
import { mongoMembers, type MongoMembers } from "./support/mongo-members.js";
import { until } from "./support/processes.js";
import { accountKubeconfig, apply, boundTo, shipped, without } from "./support/service-account.js";
import { type Tools } from "./support/tool-names.js";
import { createRecorder } from "../journal/recorder.js";

const gatesRole = shipped("gates-role.yaml");
/** For the people's group, to which the account of this test belongs: every ServiceAccount of namespace default does. */
const actsRole = boundTo(shipped("acts-role.yaml"), "system:serviceaccounts:default");
const hop = { from: "4.7.27", to: "4.8.8" };
const later = { from: "4.8.33", to: "4.8.47" };

/** Which object an act asks for, by kind. */
const asksFor: Record<string, { namespace: string; name: string }> = {
  configmaps: { namespace: "default", name: "palette-upgrade-backup" },
  pods: { namespace: "hubble-system", name: "mongo-0" },
  services: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
};

describe("the shipped Role for acts, on a real API server", function () {
  this.timeout(600_000);
  let rig: ClusterRig;
  let mongo: MongoMembers;
  let tools: Tools;
  let kubeconfig: string;
  const { events, journal } = createRecorder();

  before(async function () {
    tools = ownToolsOrSkip(this, "exec leads to stand-ins of MongoDB in nodes of kwok's");
    const members = await mongoMembers();
    if ("missing" in members) {
      print(`skipped: ${members.missing}`);
      return this.skip();
    }
    mongo = members;
    mongo.set.compatibility = "6.0";
    const matrix = "palette-kubernetes-4.9.51";
    rig = await clusterRig({ tools, ...hop, matrix, execTargets: mongo.targets, simulateMongo: false });
    apply(rig, tools, [...gatesRole, ...actsRole]);
    kubeconfig = await accountKubeconfig(rig, gatesRole);
  });
  after(async () => {
    await rig?.dispose();
    await mongo?.set.close();
  });

  /** The act, confirmed, with the account's rights alone. */
  function act(name: ActName, options: Record<string, string> = {}, on = hop): Promise<ActEnd> {
    const { settings, secrets, environment } = placeOf(rig, { kubeconfig, settings: slowly });
    const connection = createConnectOptions(environment);
    const { clock } = connection;
    const site = connectSite(settings, secrets, connection);
    const { signal } = new AbortController();
    const say = (): void => undefined;
    const request = { hop: on, options, settings, secrets, site, clock, signal };
    const confirm = (): Promise<boolean> => Promise.resolve(true);
    const place = { stack: "prod", server: null, context: null };
    return runAct({ act: getAct(name), request, because: "", ticket: null, tool: "", place, journal, confirm, say });
  }
  // Under load the shells of three members take their time.
  const slowly = { mongo: { ...defaultGateSettings.mongo, samples: 1, intervalSeconds: 0.5, deadlineSeconds: 30 } };

  /** With these verbs taken from the two roles; tried until the API server knows. */
  async function refusedWithout(verbs: string[], resource: string, trial: () => Promise<unknown>): Promise<Error> {
    apply(
      rig,
      tools,
      [...gatesRole, ...actsRole].map((each) => without(each, verbs, resource)),
    );
    try {
      return await until("the right gone", () =>
        trial().then(
          () => null,
          (error: Error) => error,
        ),
      );
    } finally {
      apply(rig, tools, [...gatesRole, ...actsRole]);
      await until("the right back", async () => ((await allowed(verbs.at(-1)!, resource)) ? true : null));
    }
  }
  async function allowed(verb: string, resource: string): Promise<boolean> {
    const [name = "", subresource = ""] = resource.split("/");
    const { namespace, name: object } = asksFor[name]!;
    // A name cannot be asked for at creation, but for what belongs to an object that is there.
    const named = verb === "create" && subresource === "" ? {} : { name: object };
    const asked = { namespace, ...named, verb, resource: name, subresource };
    const user = "system:serviceaccount:default:palette-gates";
    const spec = { user, groups: ["system:serviceaccounts:default"], resourceAttributes: asked };
    const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    return (await rig.plane.api.create<{ status: { allowed: boolean } }>(path, body)).status.allowed;
  }

  const backup = (id: string): Record<string, string> => ({
    id,
    location: "s3://backups/palette",
    "taken-at": new Date().toISOString(),
  });

  it("backup: without create on configmaps it is not written, and what is missing is named", async () => {
    const error = await refusedWithout(["create"], "configmaps", () => act("backup", backup("b-0")));
    assert.match(
      error.message,
      /^The record could not be written: .* permission "create" on "configmaps" in namespace default is missing/,
    );
    assert.deepEqual(await rig.plane.api.find("/api/v1/namespaces/default/configmaps/palette-upgrade-backup"), null);
  });

  it("is enough for backup, the first and the next, and the gate reads it", async () => {
    assert.equal((await act("backup", backup("b-1"))).kind, "done");
    assert.equal((await act("backup", backup("b-2"))).kind, "done");
    const report = await judged(rig, "backup", { to: hop.to, kubeconfig });
    assert.equal(verdictWords(report), "pass", sentences(report));
    assert.match(JSON.stringify(report.observed), /b-2/);
  });

  it("backup: without update on configmaps the old record stays, and what is missing is named", async () => {
    const error = await refusedWithout(["update"], "configmaps", () => act("backup", backup("b-3")));
    assert.match(error.message, /permission "update" on "configmaps" in namespace default is missing/);
  });

  it("fcv-raise: without exec nothing is raised, and what is missing is named", async () => {
    const error = await refusedWithout(["get", "create"], "pods/exec", () => act("fcv-raise"));
    assert.match(error.message, /pods\/exec/);
    assert.deepEqual(mongo.set.raised, []);
  });

  it("is enough for fcv-raise, by exec with the real mongosh, once", async () => {
    const end = await act("fcv-raise");
    assert.equal(end.kind, "done");
    assert.equal(mongo.set.raised.length, 1);
    assert.equal(mongo.set.compatibility, "7.0");
    assert.equal((await act("fcv-raise")).kind, "already-done");
    assert.ok(!JSON.stringify(events).includes(mongo.set.password));
  });

  it("is enough for pcg-resume, which writes through the Palette API and asks nothing of Kubernetes", async () => {
    await rig.site.changeFaults({ add: [{ name: "pcg-paused" }] });
    assert.equal((await act("pcg-resume", { pcg: "acme/pcg-vsphere" })).kind, "done");
    assert.equal((await act("pcg-resume", { pcg: "acme/pcg-vsphere" })).kind, "already-done");
    await rig.site.changeFaults({ clear: ["pcg-paused"] });
  });

  it("is enough for pcg-approve, likewise", async () => {
    await rig.site.changeFaults({ add: [{ name: "pcg-profile-update-waiting" }] });
    const end = await act("pcg-approve", { pcg: "acme/pcg-vsphere", "allow-unverified-call": "yes" });
    await rig.site.changeFaults({ clear: ["pcg-profile-update-waiting"] });
    assert.equal(end.kind, "done");
  });

  describe("dns-cutover", () => {
    before(async () => {
      rig.palette.writeCharts(later.from);
      await rig.palette.upgrade(later.from, "hubble");
      await rolledOut(rig.plane);
    });
    const plan = { plan: "network team, CHG-7", "ttl-seconds": "60" };

    it("without get on services what is missing is named", async () => {
      const error = await refusedWithout(["get"], "services", () => act("dns-cutover", plan, later));
      assert.match(error.message, /permission "get" on "services" in namespace ingress-nginx is missing/);
    });

    it("the Role is enough: the plan is kept in the journal alone", async () => {
      const end = await act("dns-cutover", plan, later);
      assert.equal(end.kind, "done");
    });
  });
});
