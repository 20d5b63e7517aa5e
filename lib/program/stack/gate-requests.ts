import { selectAcceptances } from "../../gates/consent/carried.js";
import { type GateRequest } from "../../gates/run/codec.js";
import { selectGateSecrets } from "../../gates/run/secrets-of-gate.js";
import { type GateName, type PromotedHop } from "../../gates/verdict/types.js";
import { toGateSecrets, toGateSettings } from "../../settings/gate-settings.js";
import { type Prepared } from "../step/prepare.js";
import { listMeasuredHopsBefore, selectBaselines } from "../step/recorded.js";
import { listHopsAhead } from "../step/promoted.js";
import { type Update } from "../step/update.js";

type Moment = GateRequest["when"];

/** Creates what the Command of a gate asks; `only` names the gateway or the own check. */
export type CreateGateRequest = (gate: GateName, when: Moment, only?: string) => GateRequest;

/**
 * Creates the requests of this step's Commands. They depend only on destination, site and settings, so that a settled
 * stack has no diff; what is recorded goes to the gate that compares with it.
 */
export function prepareGateRequests(
  { settings, recorded }: Pick<Update, "settings" | "recorded">,
  prepared: Prepared,
  promoted: PromotedHop[] | null,
): CreateGateRequest {
  const { step, clusterUid } = prepared;
  const to = step.destination;
  const common = { to, settings: toGateSettings(settings, clusterUid) };
  const secrets = toGateSecrets(settings);
  const isInstall = step.kind === "install" || (step.kind === "done" && recorded.installedFresh === to);
  const { baseline, installedBaseline, settledRevisions } = selectBaselines(recorded, to);
  const measured = settings.windows.length === 0 ? [] : listMeasuredHopsBefore(recorded.verifiedHops, to);
  const own: Record<Moment, Partial<Record<GateName, Partial<GateRequest>>>> = {
    before: {
      "helm-release": { settledRevisions },
      promotion: promoted === null ? {} : { promoted, ahead: listHopsAhead(prepared) },
      window: { measured: measured.length === 0 ? undefined : measured },
      "pcg-catch-up": { baseline: installedBaseline },
    },
    after: { "pcg-catch-up": { baseline } },
  };
  return (gate, when, only) => ({
    ...common,
    secrets: selectGateSecrets(gate, secrets),
    ...own[when][gate],
    when,
    only,
    install: when === "before" && isInstall,
    acceptances: selectAcceptances(settings, gate, to),
  });
}
