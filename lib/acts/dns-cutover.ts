import { RefusedError } from "../base/errors/errors.js";
import { runGateRequest } from "../gates/run/request.js";
import { getGateByName } from "../gates/registry.js";
import { read } from "../gates/verdict/findings.js";
import { getIngress } from "../planning/rules/rules.js";
import type { Ingress } from "../planning/rules/types.js";
import { readInstalledState } from "./place.js";
import { toErrorRefusal, toReportRefusals, createRefusedProposal, type Refusal } from "./refusals.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

/**
 * Documents the DNS change that a new ingress requires; it never changes DNS itself. Before the hop it records that the
 * change is planned and the time to live lowered, after the hop the proof that the domain resolves to the new ingress.
 */
export const dnsCutoverAct: Act = {
  name: "dns-cutover",
  summary: "records the plan of a DNS change before the hop, and the proof of it after; never changes DNS",
  options: [
    {
      name: "plan",
      summary: 'who changes DNS and when, e.g. "network team, CHG-7, after the hop" (before the hop)',
      required: false,
    },
    {
      name: "ttl-seconds",
      summary: "the time to live the records have now, 300 or less (before the hop)",
      required: false,
    },
  ],
  needs: ["services (get) in the ingress namespaces, and Helm's records; nothing is written but the journal"],
  propose: async (request) => (await inspect(request)).proposal,
  perform,
};

const longestTtlSeconds = 300;

interface Inspection {
  proposal: ActProposal;
  details: Record<string, string>;
}

async function inspect(request: ActRequest): Promise<Inspection> {
  const { hop } = request;
  const state = await readInstalledState(request);
  if (state.live === null) return { proposal: createRefusedProposal(...state.refusals), details: {} };
  const [today, after] = [getIngress(hop.from), getIngress(hop.to)];
  if (today.controller === after.controller) {
    const message = `The hop ${hop.from} -> ${hop.to} keeps ${after.controller}: no DNS record has to change.`;
    return { proposal: createRefusedProposal({ code: "ACT_NOT_NEEDED", message, next: "Leave it is." }), details: {} };
  }
  return state.live === hop.from ? inspectPlan(request, today, after) : inspectProof(request, today, after);
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
): Promise<ActOutcome> {
  const { proposal, details } = await inspect(request);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined) throw new RefusedError(refusal.code, refusal.message, { next: refusal.next });
  await note(details);
  const message =
    details["moment"] === "before"
      ? `The plan of the DNS change is recorded. Acknowledge the act dns-plan for ${request.hop.from}->${request.hop.to}; run this act again after the hop, for the proof.`
      : `${details["rootDomain"]} is proved to lead to ${details["controller"]}.`;
  return { details, message };
}

async function inspectPlan(request: ActRequest, today: Ingress, after: Ingress): Promise<Inspection> {
  const { options } = request;
  const old = await readAddresses(request, today);
  const ttl = options["ttl-seconds"] ?? "";
  const plan = (options["plan"] ?? "").trim();
  const refusals: Refusal[] = [
    ...("code" in old ? [old] : []),
    ...(plan === ""
      ? [
          createRefusal(
            "DNS_PLAN_MISSING",
            "Who changes the DNS records, and when, is not reported.",
            "Give --option plan=…, and name the change.",
          ),
        ]
      : []),
    ...(/^\d+$/.test(ttl) && Number(ttl) <= longestTtlSeconds
      ? []
      : [
          createRefusal(
            "DNS_TTL_TOO_LONG",
            `The time to live of the records is ${ttl === "" ? "not reported" : `${ttl} s`}, expected ${longestTtlSeconds} s or less.`,
            "Lower it, wait until the old one has run out, and give it as --option ttl-seconds=SECONDS.",
          ),
        ]),
  ];
  const seen = "code" in old ? "not known" : old.text;
  const domain = request.settings.site.rootDomain ?? "the root domain";
  const lines = [
    `Today ${domain} and *.${domain} lead to ${seen} (Service ${today.namespace}/${today.service}, ${today.controller}).`,
    `The hop creates Service ${after.namespace}/${after.service} (${after.controller}) with a new load-balancer address, which is known only then.`,
    `To be recorded, in the journal alone: the change is planned (${plan || "not reported"}), the time to live is ${ttl || "?"} s.`,
  ];
  const details = { addresses: seen, moment: "before", plan, rootDomain: domain, ttlSeconds: ttl };
  return { proposal: { lines, alreadyDone: false, irreversible: false, refusals }, details };
}

async function inspectProof(request: ActRequest, today: Ingress, after: Ingress): Promise<Inspection> {
  const { hop, settings, secrets, site, clock, signal } = request;
  const [old, fresh] = await Promise.all([readAddresses(request, today), readAddresses(request, after)]);
  const report = await runGateRequest(
    getGateByName("ingress"),
    { to: hop.to, when: "after", settings, secrets },
    // The proof was requested explicitly, so the gate is mandatory even if Helm's history would make it not applicable.
    { connect: () => site, clock, needs: () => ({ mandatory: true }) },
    { single: true, signal },
  );
  const refusals = [...("code" in fresh ? [fresh] : []), ...toReportRefusals(report)];
  const [before, now] = [old, fresh].map((each) => ("code" in each ? "not known" : each.text));
  const domain = settings.site.rootDomain ?? "the root domain";
  const lines = [
    `Before the hop: ${before} (Service ${today.namespace}/${today.service}, ${today.controller}).`,
    `Now: ${now} (Service ${after.namespace}/${after.service}, ${after.controller}); point ${domain} and *.${domain} there.`,
    ...(refusals.length === 0
      ? [`${domain} is answered by ${after.controller}: to be recorded, in the journal alone.`]
      : []),
  ];
  const details = {
    addresses: now!,
    controller: after.controller,
    moment: "after",
    provedAt: report.finishedAt,
    rootDomain: domain,
  };
  return { proposal: { lines, alreadyDone: false, irreversible: false, refusals }, details };
}

async function readAddresses(
  { site, signal }: ActRequest,
  { namespace, service }: Ingress,
): Promise<{ text: string } | Refusal> {
  const found = await read(() => site.kubernetes.serviceAddresses(namespace, service), signal);
  if (!found.ok) return toErrorRefusal(found.error, service, `Service ${namespace}/${service} could not be read`);
  if (found.value === null) return { text: "no Service of that name" };
  return { text: [...found.value.addresses].sort().join(", ") || "no address" };
}

function createRefusal(code: string, message: string, next: string): Refusal {
  return { code, message, next };
}
