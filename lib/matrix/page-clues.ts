import { methods, type Edition, type Method } from "./types.js";

const methodWords: Record<Method, RegExp> = {
  kubernetes: /\bkubernetes\b|\bk8s\b|\bhelm\b/i,
  vmware: /\bvmware\b|\bvsphere\b/i,
  appliance: /\bappliance\b/i,
};

/** The install method that words name; undefined where they name none or several. */
export function methodIn(words: string): Method | undefined {
  const named = methods.filter((method) => methodWords[method].test(words));
  return named.length === 1 ? named[0] : undefined;
}

/** The edition that words name: whatever names VerteX is of VerteX, though its full name begins with Palette. */
export function editionIn(words: string): Edition | undefined {
  if (/vertex/i.test(words)) return "vertex";
  return /\bpalette\b|\benterprise\b/i.test(words) ? "palette" : undefined;
}

/**
 * The words of a path that tell about a page: folders below the vendor's documentation root, or else the file's name alone,
 * for the folders that a file happens to lie in tell nothing.
 */
export function wordsOfPath(path: string): string {
  const parts = path.split(/[\\/]/);
  const root = Math.max(parts.lastIndexOf("docs-content"), parts.lastIndexOf("self-hosted-setup"));
  const telling = root === -1 ? parts.slice(-1) : parts.slice(root + 1);
  return telling.join(" ").replace(/[-_.]/g, " ");
}
