/** Certificates of tests' TLS servers: made by Node alone when they are needed, good for an hour, and kept nowhere. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

export interface ServerCertificate {
  /** PEM. */
  key: string;
  /** PEM. */
  cert: string;
}

export interface Authority {
  /** Its own certificate, PEM. */
  pem: string;
  /** A certificate for a server of these names and IPv4 addresses; `endsInMinutes` below 0: one that has run out. */
  issue(names: readonly string[], endsInMinutes?: number): ServerCertificate;
}

export function makeAuthority(name: string): Authority {
  const { publicKey, privateKey } = newKeys();
  const self = { issuer: name, issuerKey: privateKey };
  const basicConstraints = sequence(oid("551d13"), der(0x01, hex("ff")), octets(sequence(der(0x01, hex("ff")))));
  return {
    pem: certificate({ ...self, subject: name, publicKey, extension: basicConstraints, endsInMinutes: 60 }),
    issue(names, endsInMinutes = 60) {
      const own = newKeys();
      const alternatives = octets(sequence(...names.map(alternativeName)));
      const extension = sequence(oid("551d11"), alternatives);
      return {
        key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        cert: certificate({ ...self, subject: "server", publicKey: own.publicKey, extension, endsInMinutes }),
      };
    },
  };
}

interface Certified {
  issuer: string;
  issuerKey: KeyObject;
  subject: string;
  publicKey: KeyObject;
  extension: Buffer;
  endsInMinutes: number;
}

/** X.509 version 3 as RFC 5280 has it, signed with ECDSA and SHA-256. */
function certificate({ issuer, issuerKey, subject, publicKey, extension, endsInMinutes }: Certified): string {
  const signature = sequence(oid("2a8648ce3d040302"));
  const signed = sequence(
    der(0xa0, der(0x02, hex("02"))),
    der(0x02, Buffer.concat([hex("01"), randomBytes(15)])),
    signature,
    commonName(issuer),
    sequence(utcTime(-120), utcTime(endsInMinutes)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const bits = Buffer.concat([hex("00"), sign("sha256", signed, issuerKey)]);
  const base64 = sequence(signed, signature, der(0x03, bits)).toString("base64");
  const lines = base64.match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(name)))));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));
}

function utcTime(inMinutes: number): Buffer {
  const iso = new Date(Date.now() + inMinutes * 60_000).toISOString();
  return der(0x17, Buffer.from(`${iso.slice(2, 19).replace(/[-:T]/g, "")}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function oid(bytes: string): Buffer {
  return der(0x06, hex(bytes));
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

/** Tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
