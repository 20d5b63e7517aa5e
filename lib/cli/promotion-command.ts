import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidInputError, messageOf, RefusedError } from "../errors.js";
import { type PromotedHop } from "../gates/types.js";
import { signPromotion } from "../promotion/signed-file.js";
import { parseRecorded } from "../stack/recorded.js";
import { type CommandResult } from "./main.js";
import { openSession, type StackShell } from "./stack-session.js";
import { counted } from "../counted.js";

export interface PromotionExportOptions {
  stack: string;
  /** PEM file of the Ed25519 private key. */
  key: string;
  /** Default: stdout. */
  out?: string;
}

/** `promotion export`: the hops a stack has verified, signed, for stacks that cannot read this one's outputs. */
export async function promotionExport(options: PromotionExportOptions, shell: StackShell): Promise<CommandResult> {
  const key = readKey(options.key);
  // Opening a stack goes to its project's folder.
  const out = options.out === undefined ? undefined : resolve(options.out);
  const { stack } = await openSession(shell, options.stack);
  const hops = promotedHops(await stack.engine.outputs());
  if (hops.length === 0) {
    throw new RefusedError("NOTHING_VERIFIED", `Stack ${options.stack} has verified no hop yet.`, {
      next: "A hop counts once its checks have passed: see palette-upgrade status.",
    });
  }
  const exportedAt = (await shell.clock.now()).toISOString();
  const text = signPromotion({ stack: options.stack, exportedAt, hops }, key);
  if (out === undefined) return { text, exitCode: 0 };
  writeFileSync(out, text);
  return {
    text: `${options.out}: ${counted(hops.length, "verified hop")} of ${options.stack}, signed.`,
    exitCode: 0,
  };
}

/** Verified hops out of a stack's outputs. Pure. */
export function promotedHops(outputs: Record<string, unknown>): PromotedHop[] {
  return parseRecorded(outputs).verifiedHops.map(({ from, to, chartDigests, verifiedAt }) => ({
    from,
    to,
    chartDigests,
    verifiedAt,
  }));
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
    throw new InvalidInputError("PROMOTION_KEY", `--key: ${file} cannot be read: ${messageOf(error)}.`, {
      next: "Name the PEM file of the private key; make a pair with: openssl genpkey -algorithm ed25519 -out promotion.key",
    });
  }
}
