import { getErrorMessage } from "../base/errors/errors.js";
import { findPackageRoot } from "../base/process/package-root.js";
import { loadStackMatrix } from "../planning/matrix/load.js";
import { listEdges } from "../planning/matrix/lookup.js";
import { type Matrix } from "../planning/matrix/types.js";
import { addOwnRows, checkOwnRows } from "../planning/plan/own-rows.js";
import { type OwnRow } from "../planning/plan/types.js";
import { isVersion } from "../planning/version/version.js";
import { type DeclaredInstallation, type DeclaredStack, type Violation } from "./declared-stack.js";

interface HopContext {
  /** Returns the matrix with that id; throws if there is none. */
  getMatrix: (id: string) => Matrix;
  /** `palette:route.extraRows`. */
  ownRows: readonly OwnRow[];
}

/**
 * Checks that every installation either does not move, or moves along a row of its matrix or a row of the site's own.
 */
export function checkSupportedHops({ installations, releases }: DeclaredStack, context: HopContext): Violation[] {
  if (installations.length === 0 && releases.length > 0) {
    const message = `The stack declares ${releases.length} Helm releases, but no PaletteInstallation that says which hop they take. Declare them by PaletteInstallation.`;
    return [{ urn: null, message }];
  }
  return installations.flatMap((installation) => {
    const message = findHopFault(installation, context);
    return message === null ? [] : [{ urn: installation.urn, message }];
  });
}

function findHopFault({ from, to, edition, matrix: id }: DeclaredInstallation, context: HopContext): string | null {
  const missing = Object.entries({ from, to, edition, matrix: id }).flatMap(([key, value]) =>
    value === null ? [key] : [],
  );
  if (from === null || to === null || edition === null || id === null) {
    return `The hop cannot be judged: the PaletteInstallation does not report its ${missing.join(" and ")}. What cannot be judged is refused.`;
  }
  if (!isVersion(from) || !isVersion(to)) return `The hop ${from} -> ${to} is not one between two exact releases.`;
  if (from === to) return null;
  try {
    const matrix = context.getMatrix(id);
    if (matrix.edition !== edition) {
      return `The hop ${from} -> ${to} of ${edition} is judged by ${id}, a matrix of ${matrix.edition}. Pin one of ${edition}.`;
    }
    checkOwnRows(context.ownRows, matrix);
    if (listEdges(addOwnRows(matrix, context.ownRows)).has(from, to)) return null;
  } catch (error) {
    return `The hop ${from} -> ${to} cannot be judged: ${getErrorMessage(error)}`;
  }
  return `The hop ${from} -> ${to} is no supported row of ${id}${context.ownRows.length === 0 ? "" : ", and none of palette:route.extraRows"}. See the route there is: palette-upgrade plan --from ${from} --to ${to} --matrix ${id}.`;
}

/**
 * Loads the matrix that an installation declares. The engine starts a policy pack in the pack's own folder and does not
 * say where the project is, so a relative path begins at the checkout that the pack belongs to.
 */
export function loadDeclaredMatrix(pinned: string): Matrix {
  return loadStackMatrix(pinned, findPackageRoot());
}
