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

/** The words of a page's path below the vendor's documentation root, which tell for sure; empty for a path without it. */
export function wordsOfPath(path: string): string {
  const parts = path.split(/[\\/]/);
  const root = Math.max(parts.lastIndexOf("docs-content"), parts.lastIndexOf("self-hosted-setup"));
  return root === -1 ? "" : asWords(parts.slice(root + 1).join(" "));
}

/** The words of a file's name: a hint at best. The folders that a file happens to lie in tell nothing. */
export function wordsOfName(path: string): string {
  return asWords(path.split(/[\\/]/).at(-1) ?? "");
}

function asWords(text: string): string {
  return text.replace(/[-_.]/g, " ");
}
