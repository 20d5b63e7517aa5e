/** A saved file as text, or why its bytes are no text that is read. */
type Decoded = { ok: true; text: string } | { ok: false; why: string };

/** Bytes looked at to tell UTF-16 without a byte order mark. */
const sampleBytes = 4096;

const signatures: readonly { name: string; bytes: readonly number[] }[] = [
  { name: "UTF-32", bytes: [0xff, 0xfe, 0, 0] },
  { name: "UTF-32", bytes: [0, 0, 0xfe, 0xff] },
  { name: "a gzip archive", bytes: [0x1f, 0x8b] },
  { name: "a zip archive", bytes: [0x50, 0x4b, 3, 4] },
  { name: "a PDF", bytes: [0x25, 0x50, 0x44, 0x46] },
];

/**
 * Decodes a saved file: UTF-8, UTF-16 of either byte order with or without a byte order mark (PowerShell writes it), else
 * Windows-1252, which every byte fits. Other encodings are refused by name.
 */
export function decodeSaved(bytes: Uint8Array): Decoded {
  const known = signatures.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
  if (known) return { ok: false, why: `it is ${known.name}, expected text in UTF-8 or UTF-16` };
  const encoding = findUtf16(bytes);
  if (encoding === null && bytes.includes(0))
    return { ok: false, why: "it holds zero bytes and is neither UTF-8 nor UTF-16, expected text" };
  if (encoding !== null) return decodeStrictly(bytes, encoding) ?? { ok: false, why: "its UTF-16 is cut or damaged" };
  return decodeStrictly(bytes, "utf-8") ?? { ok: true, text: new TextDecoder("windows-1252").decode(bytes) };
}

/** Finds UTF-16 by its byte order mark, or by zero bytes in half of the places, as in any text of ASCII letters. */
function findUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 0];
  sample.forEach((byte, index) => (zeros[index % 2]! += byte === 0 ? 1 : 0));
  const most = sample.length * 0.4;
  if (sample.length >= 2 && zeros[1]! >= most && zeros[0] === 0) return "utf-16le";
  return sample.length >= 2 && zeros[0]! >= most && zeros[1] === 0 ? "utf-16be" : null;
}

function decodeStrictly(bytes: Uint8Array, encoding: string): Decoded | null {
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
