/** Writes tar archives entry by entry, also such as no packer writes. */
export interface TarEntry {
  name: string;
  content?: Buffer | string;
  /** Type flag: `0` a file, `1` a hard link, `2` a link, `5` a folder, … */
  type?: string;
  link?: string;
  /** Written in place of the content's size. */
  size?: number;
}

const block = 512;

export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(writeEntry), Buffer.alloc(2 * block)]);
}

function writeEntry({ name, content = "", type = "0", link = "", size }: TarEntry): Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(block);
  header.write(name, 0, 100);
  header.write("0000644\0" + "0000000\0".repeat(2), 100);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0" + " ".repeat(8), 136);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, bytes, Buffer.alloc((block - (bytes.length % block)) % block)];
}
