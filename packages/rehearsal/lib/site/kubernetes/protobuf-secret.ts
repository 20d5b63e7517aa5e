import { BinaryReader } from "google-protobuf";

/** Length of the prefix of Kubernetes' protobuf form: `k8s` and a zero byte. */
const prefixLength = 4;

/** A Secret with the fields of its JSON form. */
interface ProtobufSecret {
  type: string;
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  data: Record<string, string>;
}

/**
 * Reads a Secret in Kubernetes' protobuf form (`application/vnd.kubernetes.protobuf`): a `runtime.Unknown` around it. Field
 * numbers are those of k8s.io/api core/v1 and apimachinery meta/v1. The real Kubernetes provider writes Helm's records so.
 */
export function readProtobufSecret(bytes: Uint8Array): ProtobufSecret {
  const secret: ProtobufSecret = { type: "", metadata: { name: "", namespace: "", labels: {} }, data: {} };
  readFields(bytes.subarray(prefixLength), {
    2: (raw) =>
      readFields(raw, {
        1: (metadata) =>
          readFields(metadata, {
            1: (value) => (secret.metadata.name = toText(value)),
            3: (value) => (secret.metadata.namespace = toText(value)),
            11: (entry) => setEntry(entry, (key, value) => (secret.metadata.labels[key] = toText(value))),
          }),
        2: (entry) => setEntry(entry, (key, value) => (secret.data[key] = Buffer.from(value).toString("base64"))),
        3: (value) => (secret.type = toText(value)),
      }),
  });
  return secret;
}

/** Passes each length-delimited field of a message to its reader; skips all others. */
function readFields(bytes: Uint8Array, readers: Record<number, (value: Uint8Array) => unknown>): void {
  const lengthDelimited = 2;
  const reader = new BinaryReader(bytes);
  while (reader.nextField() && !reader.isEndGroup()) {
    const read = readers[reader.getFieldNumber()];
    if (read !== undefined && Number(reader.getWireType()) === lengthDelimited) read(reader.readBytes());
    else reader.skipField();
  }
}

function setEntry(entry: Uint8Array, set: (key: string, value: Uint8Array) => unknown): void {
  let key = "";
  let value: Uint8Array = new Uint8Array();
  readFields(entry, { 1: (bytes) => (key = toText(bytes)), 2: (bytes) => (value = bytes) });
  set(key, value);
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
