import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type Answer, type IngressFacts, judgeIngress } from "../../../lib/gates/ingress/judge.js";
import { type Reading } from "../../../lib/gates/verdict/findings.js";
import { getIngress } from "../../../lib/planning/rules/rules.js";

const rootDomain = "palette.example.com";
const traefik: Answer = { status: 200, server: "", certificateIssuer: "CN=palette" };
const answered = (change: Partial<Answer> = {}): Reading<Answer> => ({ ok: true, value: { ...traefik, ...change } });
const silent = (kind: SiteError["kind"] = "network"): Reading<Answer> => ({ ok: false, error: new SiteError(kind, "no answer") }); // prettier-ignore
const direct = (...answers: Reading<Answer>[]): IngressFacts["direct"] =>
  answers.map((answer, index) => ({ address: `10.0.0.${index + 2}`, answer }));

function judged(change: Partial<IngressFacts>): string[] {
  const version = change.version ?? "4.8.47";
  const findings = judgeIngress({
    version,
    rootDomain,
    ingress: getIngress(version),
    addresses: ["10.0.0.2", "10.0.0.3"],
    direct: direct(answered(), answered()),
    old: null,
    domain: answered(),
    ...change,
  });
  return findings.map(({ outcome, code, member, message }) => `${outcome} ${code} ${member}: ${message}`);
}

const moved = (seen: string, controller = "traefik", address = "10.0.0.2"): string =>
  `wait INGRESS_NOT_CUT_OVER ${rootDomain}: ${rootDomain} is answered by ${seen}, not by ${controller}, which answers for it at ${address}. ` +
  `Point the DNS records of ${rootDomain} and *.${rootDomain} at ${address}; until then Palette and its gateways are cut off.`;

describe("judging the ingress", () => {
  const table: [title: string, change: Partial<IngressFacts>, expected: string[]][] = [
    ["the domain gives the controller's own answer", {}, []],
    ["one address answers, another does not", { direct: direct(silent(), answered()) }, []],
    [
      "another server of the same status and issuer",
      { domain: answered({ server: "envoy" }) },
      [moved('"envoy" (status 200, certificate of CN=palette)')],
    ],
    [
      "another status of the same server and issuer",
      { domain: answered({ status: 404 }) },
      [moved("a server without a name (status 404, certificate of CN=palette)")],
    ],
    [
      "another issuer of the same server and status",
      { domain: answered({ certificateIssuer: "" }) },
      [moved("a server without a name (status 200, certificate of an unknown issuer)")],
    ],
    [
      "measured by the address that answered",
      { direct: direct(silent(), answered({ status: 404 })) },
      [moved("a server without a name (status 200, certificate of CN=palette)", "traefik", "10.0.0.3")],
    ],
    [
      "the same answer, which names the old controller",
      { direct: direct(answered({ server: "NGINX" })), domain: answered({ server: "NGINX" }) },
      [moved('"NGINX" (status 200, certificate of CN=palette)')],
    ],
    [
      "before 4.8.47 nginx is the one that is to answer",
      { version: "4.8.33", direct: direct(answered({ server: "nginx" })), domain: answered({ server: "nginx" }) },
      [],
    ],
    [
      "… and the same answer of Traefik is not its",
      { version: "4.8.33", direct: direct(answered({ server: "Traefik" })), domain: answered({ server: "Traefik" }) },
      [moved('"Traefik" (status 200, certificate of CN=palette)', "nginx")],
    ],
    [
      "the domain does not answer",
      { domain: silent() },
      [`unknown SITE_UNREACHABLE ${rootDomain}: ${rootDomain} could not be asked over HTTPS: no answer`],
    ],
    [
      "the domain was not asked",
      { domain: null },
      [`unknown GATE_ERROR ${rootDomain}: ${rootDomain} could not be asked over HTTPS: it was not asked`],
    ],
    [
      "no address answers",
      { direct: direct(silent(), silent("untrusted")) },
      [
        `unknown SITE_UNREACHABLE 10.0.0.2: traefik at 10.0.0.2 could not be asked for ${rootDomain}: no answer`,
        `unknown SITE_UNTRUSTED 10.0.0.3: traefik at 10.0.0.3 could not be asked for ${rootDomain}: no answer`,
      ],
    ],
    [
      "no address was asked",
      { addresses: ["10.0.0.2"], direct: [] },
      [`unknown GATE_ERROR 10.0.0.2: traefik at 10.0.0.2 could not be asked for ${rootDomain}: it was not asked`],
    ],
    ["an old controller that does not answer is no rival", { old: silent() }, []],
    ["an old controller that answers otherwise is none either", { old: answered({ server: "nginx" }) }, []],
    [
      "an old controller that answers alike",
      { old: answered() },
      [
        `unknown INGRESS_INDISTINGUISHABLE ${rootDomain}: ${rootDomain} is answered, but the old ingress gives the same answer as traefik at 10.0.0.2, so which of the two the domain leads to cannot be determined. Compare its DNS record with that address, and accept this gate by name.`,
      ],
    ],
    [
      "no Service",
      { addresses: null },
      [
        "wait INGRESS_SERVICE_MISSING ingress-traefik/traefik-ingress-controller: Service ingress-traefik/traefik-ingress-controller is not there; at 4.8.47 traefik serves the root domain behind it. Wait for the roll-out, or accept this gate by name where the ingress is your own.",
      ],
    ],
    [
      "no address",
      { addresses: [] },
      [
        "wait INGRESS_NO_ADDRESS ingress-traefik/traefik-ingress-controller: Service ingress-traefik/traefik-ingress-controller has no load-balancer address yet. Wait for one, or look at the Service's events.",
      ],
    ],
  ];
  for (const [title, change, expected] of table) it(title, () => assert.deepEqual(judged(change), expected));
});
