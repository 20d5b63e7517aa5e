import { type Prepared } from "../step/prepare.js";
import { formatCount } from "../../base/errors/counted.js";

/** The first lines of every preview and update: what this one does, and the route that remains. */
export function describeUpdate({ step, plan, hop, hopInProgress, notice }: Prepared): string[] {
  const lines = [hopInProgress?.message ?? null, notice].filter((line) => line !== null);
  switch (step.kind) {
    case "enrol":
      lines.push(
        `Enrol: Palette ${step.destination} is installed; its checks run and its identity is recorded, nothing moves.`,
      );
      break;
    case "settle":
      lines.push(
        `Settle: Palette ${step.destination} is installed, its checks have not passed yet; only they run, nothing moves on.`,
      );
      break;
    case "hop":
      lines.push(
        `Hop ${step.from} -> ${step.destination}${step.resuming ? " (begun before, taken up again)" : ""}: ${describeHop(hop)}.`,
      );
      break;
    case "install":
      lines.push(
        `Install: nothing is installed; Palette ${step.destination} is ${step.resuming ? "taken up where its install was broken off" : "installed"}, then its checks run.`,
      );
      break;
    case "done":
      lines.push(`Palette ${step.destination} is the target and settled: nothing to do.`);
  }
  if (plan !== null) lines.push(describeRoute(plan));
  return lines;
}

function describeHop(hop: Prepared["hop"]): string {
  if (hop === null) return "";
  const formatGateNames = (when: "before" | "after"): string =>
    hop.gates
      .filter((gate) => gate.when === when && gate.mandatory)
      .map((gate) => gate.name)
      .join(", ");
  return `a ${hop.change}; gates before: ${formatGateNames("before")}; checks after: ${formatGateNames("after")}`;
}

function describeRoute(plan: NonNullable<Prepared["plan"]>): string {
  if (plan.refusal !== null) return `No route from ${plan.from} to ${plan.to}: ${plan.refusal.message}`;
  if (plan.hops.length === 0) return `Route: none needed, ${plan.from} fits the target.`;
  return `Route: ${[plan.from, ...plan.hops.map((hop) => hop.to)].join(" -> ")} (${formatCount(plan.hops.length, "hop")}, matrix ${plan.matrix.id}).`;
}
