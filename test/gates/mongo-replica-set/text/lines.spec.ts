import assert from "node:assert/strict";
import { classifyLine } from "../../../../lib/gates/mongo-replica-set/text/lines.js";
import { loadRules } from "../../../../lib/planning/rules/rules.js";

const rows = loadRules("mongo-lines");

describe("lines around a document", () => {
  for (const { id, kind, example } of rows)
    it(`${id}: its example is ${kind}`, () => {
      assert.equal(classifyLine(example), kind);
      assert.equal(classifyLine(`    ${example}  `), kind, "with spaces around it");
    });

  it("a row without a source says why", () =>
    assert.deepEqual(
      rows.filter(({ source, notRead }) => source === null && notRead === undefined).map(({ id }) => id),
      [],
    ));

  /** What the sources print in other forms than the examples; null is a line that makes the verdict unknown. */
  const forms: [line: string, kind: ReturnType<typeof classifyLine>][] = [
    ["MongoDB server version: 4.4.3", "noise"],
    ['type "help" for help', "noise"],
    ["Questions? Try the support group", "noise"],
    ["support group", null],
    ["The server generated these startup warnings when booting: ", "noise"],
    ["Note: This server is managed by automation service 'MongoDB Automation'.", "noise"],
    ["Many administrative actions are inappropriate, and may be automatically reverted.", "noise"],
    ["This server is managed by automation service", null],
    ["Warning: Non-Genuine MongoDB Detected", null],
    ["WARNING: printSlaveReplicationInfo is deprecated and may be removed in the next major release.", "noise"],
    ["mongosh 2.5.6 is available, run brew upgrade mongosh to update", "noise"],
    ["mongosh 2.5.6 is available, said nobody", null],
    [
      "To help improve our products, anonymous usage data is collected and sent to MongoDB periodically (https://www.mongodb.com/legal/privacy-policy).",
      "noise",
    ],
    [
      "To help improve our products, pseudo-anonymous usage data is collected from interactive and agentic sessions only, and sent to MongoDB periodically (https://www.mongodb.com/legal/privacy-policy).",
      "noise",
    ],
    ["  You may want to copy or rename ~/.mongorc.js to ~/.mongoshrc.js.", "noise"],
    ["Warning: Found ~/.mongoshrc, but not ~/.mongoshrc.js. Did you forget to add .js?", "noise"],
    ["Warning: Could not access fileat /data/.mongodb: EACCES: permission denied", "noise"],
    ["local   (empty)", "noise"],
    ["admin   40.00 KiB", "noise"],
    ["log length start to end: 862secs (0.24hrs)", "noise"],
    ["log length start to end", "noise"],
    ["'423 secs (0.12 hrs)'", "noise"],
    ["'990 MB'", "noise"],
    ["'Mon Mar 02 2026 10:00:00 GMT+0000 (Coordinated Universal Time)'", "noise"],
    ["'423 secs (0.12 hrs) behind the primary'", null],
    ["replLag: '423 secs (0.12 hrs) behind the primary '", "partial"],
    ["423 secs (0.12 hrs) behind the primary ", "partial"],
    ["no replication info, yet.  State: DOWN", "partial"],
    ["doing initial sync", null],
    ['pod "mongo-2" deleted from hubble-system namespace', "noise"],
    ['pod "mongo-2" force deleted from hubble-system namespace', "noise"],
    ["statefulset.apps/mongo restarted", "noise"],
    ["pod/mongo-0   2/2     Running   0          3m52s", "noise"],
    ["pod/mongo-2   1/2     Running   0          3m52s", null],
    ["+ hubble-system mongo-0 › mongo", "noise"],
    ["Script done.", "noise"],
    ["Script started, output log file is 'typescript'.", "noise"],
    ["Script terminated, max output files size 1024 exceeded.", null],
    ["mongo-2 | SUCCESS | rc=0 >>", "marker"],
    ["mongo-2 | CHANGED | rc=1 >>", null],
    ["mongo-2 | UNREACHABLE! => {", "failure"],
    ["Connection to mongo-2 closed by remote host.", "failure"],
    ["ssh: connect to host mongo-2 port 22: Connection refused", "failure"],
    ["Floating point exception (core dumped)", "failure"],
    ["bash: line 1: 14 Killed                  mongosh", "failure"],
    ["The \"/etc/mongorc.js\" file could not be executed", "failure"],
    ["failed to load: check.js", "failure"],
    ["error2:out of memory", "failure"],
    ["Server returned an unexpected response: a page", "failure"],
    ['the server doesn\'t have a resource type "pod"', "failure"],
    ["error: Unable to use a TTY - container mongo did not allocate one", "failure"],
    ["Error: No such container: mongo", "failure"],
    ["request returned Internal Server Error for API route and version http://x, check", "failure"],
    ["FATAL", "failure"],
    ["STARTUP2", "partial"],
    ["kubectl exec mongo-0 -c mongo -- mongosh --quiet --eval 'rs.status()'", "command"],
    ["kubectl get pods", "command"],
    ["kubectl -n mongo exec -it mongo-0 -- bash", "command"],
    ["docker compose exec mongo mongosh", "command"],
    ["sudo docker exec -it mongo mongo", "command"],
    ["watch -n 2 kubectl get pods", "command"],
    ["ssh root@mongo-0", "command"],
    ["ssh -t mongo-0 mongosh", "command"],
    ["mongosh", "command"],
    ["mongosh --quiet --eval 'if (!x) print(\"failed\")'", "command"],
    ["mongo admin", "command"],
    ["mongo mongo-0:27017/admin --eval 'rs.status()'", "command"],
    ["mongosh \"mongodb://mongo-0:27017/?directConnection=true\"", "command"],
    ["mongosh did not answer on mongo-2", null],
    ["mongo is down", null],
    ["mongo down", null],
    ["kubectl failed on mongo-2", null],
    ["kubectl exec failed on mongo-2", null],
    ["docker could not be reached", null],
    ["docker exec was refused", null],
    ["ssh to mongo-2 failed", null],
    ["ssh mongo-2 timed out", null],
    ["watch the primary", null],
  ]; // prettier-ignore
  for (const [line, kind] of forms)
    it(`${kind ?? "not accounted for"}: ${line}`, () => assert.equal(classifyLine(line), kind));
});
