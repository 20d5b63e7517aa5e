import { messageOf } from "../errors.js";
import { edgesOf } from "../matrix/lookup.js";
import type { Matrix } from "../matrix/types.js";
import { checkOwnRows, withOwnRows } from "../plan/own-rows.js";
import type { OwnRow } from "../plan/types.js";
import { isVersion } from "../version/version.js";
import type { DeclaredInstallation, DeclaredStack } from "./declared-stack.js";
import type { Violation } from "./violation.js";

export interface HopContext {
  /** The matrix of that id; throws where there is none. */
  matrixOf: (id: string) => Matrix;
  /** `palette:extraRows`. */
  ownRows: readonly OwnRow[];
}

/** Every installation moves along a row that its matrix, or a row of the site's own, supports; or it does not move. */
export function unsupportedHops({ installations, releases }: DeclaredStack, context: HopContext): Violation[] {
  if (installations.length === 0 && releases.length > 0) {
    const message = `The stack declares ${releases.length} Helm releases, but no PaletteInstallation that says which hop they take. Declare them by PaletteInstallation.`;
    return [{ urn: null, message }];
  }
  return installations.flatMap((installation) => {
    const message = faultOf(installation, context);
    return message === null ? [] : [{ urn: installation.urn, message }];
  });
}

function faultOf({ from, to, edition, matrix: id }: DeclaredInstallation, context: HopContext): string | null {
  const missing = Object.entries({ from, to, edition, matrix: id }).flatMap(([key, value]) =>
    value === null ? [key] : [],
  );
  if (from === null || to === null || edition === null || id === null) {
    return `The hop cannot be judged: the PaletteInstallation does not tell its ${missing.join(" and ")}. What cannot be judged is refused.`;
  }
  if (!isVersion(from) || !isVersion(to)) return `The hop ${from} -> ${to} is not one between two exact releases.`;
  if (from === to) return null;
  try {
    const matrix = context.matrixOf(id);
    if (matrix.edition !== edition) {
      return `The hop ${from} -> ${to} of ${edition} is judged by ${id}, a matrix of ${matrix.edition}. Pin one of ${edition}.`;
    }
    checkOwnRows(context.ownRows, matrix);
    if (edgesOf(withOwnRows(matrix, context.ownRows)).has(from, to)) return null;
  } catch (error) {
    return `The hop ${from} -> ${to} cannot be judged: ${messageOf(error)}`;
  }
  return `The hop ${from} -> ${to} is no supported row of ${id}${context.ownRows.length === 0 ? "" : ", and none of palette:extraRows"}. See the road there is: palette-upgrade plan --from ${from} --to ${to} --matrix ${id}.`;
}
