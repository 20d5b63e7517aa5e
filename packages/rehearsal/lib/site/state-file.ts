import { existsSync, readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../../../lib/base/errors/errors.js";
import { replaceFile } from "../../../../lib/base/process/full-disk.js";
import type { SiteModel } from "./model.js";

/**
 * Reads the model from a site's state file; null where there is no such file. @throws InvalidInputError
 * `SITE_STATE_UNREADABLE`.
 */
export function readState(file: string | null): SiteModel | null {
  if (file === null || !existsSync(file)) return null;
  let model: Partial<SiteModel>;
  try {
    model = JSON.parse(readFileSync(file, "utf8")) as Partial<SiteModel>;
  } catch (cause) {
    throw createUnreadableSiteError(file, getErrorMessage(cause), cause);
  }
  if (model.format !== 1) throw createUnreadableSiteError(file, "it was not written by this version of the rehearsal");
  return model as SiteModel;
}

/** Writes the model atomically. @throws PaletteError `DISK_FULL`. */
export function writeState(file: string | null, model: SiteModel): void {
  if (file !== null) replaceFile(file, JSON.stringify(model));
}

function createUnreadableSiteError(file: string, why: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError("SITE_STATE_UNREADABLE", `The rehearsal's site in ${file} cannot be taken up: ${why}.`, {
    next: "Start the rehearsal afresh, or remove the file.",
    cause,
  });
}
