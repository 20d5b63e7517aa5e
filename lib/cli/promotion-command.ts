import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { formatCount } from "../base/errors/counted.js";
import { getErrorMessage, InvalidInputError, RefusedError } from "../base/errors/errors.js";
import { type PromotedHop } from "../gates/verdict/types.js";
import { signPromotion } from "../gates/consent/promotion-file.js";
import { parseRecorded, type VerifiedHop } from "../program/step/recorded.js";
import { type CommandResult } from "./result.js";
import { openSession, type StackShell } from "./stack-session.js";

interface PromotionExportOptions {
  stack: string;
  /** PEM file of the Ed25519 private key. */
  key: string;
  /** Default: stdout. */
  out?: string;
}

/** Runs `promotion export`: signs the hops a stack has verified, for stacks that cannot read its outputs. */
export async function exportPromotion(options: PromotionExportOptions, shell: StackShell): Promise<CommandResult> {
  const key = readKey(options.key);
  // Resolved first, because opening a stack changes the working directory to its project.
  const out = options.out === undefined ? undefined : resolve(options.out);
  const { stack, settings } = await openSession(shell, options.stack);
  const { clusterUid, verifiedHops } = parseRecorded(await stack.engine.outputs());
  const hops = verifiedHops.map(toPromotedHop);
  if (hops.length === 0 || clusterUid === undefined) {
    throw new RefusedError("NOTHING_VERIFIED", `Stack ${options.stack} has verified no hop yet.`, {
      next: "A hop counts once its checks have passed: see palette-upgrade status.",
    });
  }
  const exportedAt = (await shell.clock.now()).toISOString();
  const origin = {
    stage: await stack.fullName(),
    edition: settings.edition,
    method: "kubernetes" as const,
    clusterUid,
  };
  const text = signPromotion({ ...origin, exportedAt, hops }, { file: options.key, text: key });
  if (out === undefined) return { text, exitCode: 0 };
  writeFileSync(out, text);
  return {
    text: `${options.out}: ${formatCount(hops.length, "verified hop")} of ${options.stack}, signed.`,
    exitCode: 0,
  };
}

function toPromotedHop({ from, to, chartDigests, verifiedAt }: VerifiedHop): PromotedHop {
  return { from, to, chartDigests, verifiedAt };
}

function readKey(file: string): string {
  try {
    const mode = statSync(file).mode;
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new InvalidInputError("PROMOTION_KEY", `--key: ${file} can be read by other users.`, {
        next: `Keep it to yourself: chmod 600 ${file}`,
      });
    }
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError("PROMOTION_KEY", `--key: ${file} cannot be read: ${getErrorMessage(error)}.`, {
      next: "Name the PEM file of the private key; make a pair with: openssl genpkey -algorithm ed25519 -out promotion.key",
    });
  }
}
