import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer. */
  readonly kind: number;
  /** Nanoseconds since the epoch. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 2 for an error. */
  readonly status: number;
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

/** An OpenTelemetry collector, as far as OTLP over HTTP with protobuf goes. */
export interface OtlpCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Headers of the requests so far. */
  readonly headers: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** @param status what every request is answered with */
export async function startOtlpCollector(status = 200): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      headers.push(request.headers);
      if (status === 200 && request.url === '/v1/traces') spans.push(...readSpans(Buffer.concat(chunks)));
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    headers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A protobuf message: the values of each field number, by wire type. */
type Message = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

function readSpans(request: Buffer): CollectedSpan[] {
  return messages(read(request), 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    const attributes = resource ? readAttributes(resource, 1) : {};
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => ({ ...readSpan(span), resource: attributes })),
    );
  });
}

function readSpan(span: Message): Omit<CollectedSpan, 'resource'> {
  const [status] = messages(span, 15);
  return {
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
    name: text(span, 5),
    kind: Number(number(span, 6)),
    start: number(span, 7),
    end: number(span, 8),
    attributes: readAttributes(span, 9),
    links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
    status: status ? Number(number(status, 3)) : 0,
  };
}

function readAttributes(message: Message, field: number): Record<string, string | number | boolean> {
  return Object.fromEntries(
    messages(message, field).map((pair) => [text(pair, 1), readValue(messages(pair, 2)[0]!)]),
  );
}

function readValue(value: Message): string | number | boolean {
  if (value.has(2)) return number(value, 2) === 1n;
  if (value.has(3)) return Number(number(value, 3));
  if (value.has(4)) return doubleOf(number(value, 4));
  return text(value, 1);
}

function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

const bytes = (message: Message, field: number): Buffer =>
  (message.get(field)?.at(-1) ?? Buffer.alloc(0)) as Buffer;
const hex = (message: Message, field: number): string => bytes(message, field).toString('hex');
const text = (message: Message, field: number): string => bytes(message, field).toString('utf8');
const number = (message: Message, field: number): bigint => (message.get(field)?.at(-1) ?? 0n) as bigint;
const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((value) => read(value as Buffer));

/** Reads the protobuf wire format. */
function read(buffer: Buffer): Message {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const values: Readonly<Record<number, () => Buffer | bigint>> = {
    0: varint,
    1: () => buffer.readBigUInt64LE((at += 8) - 8),
    2: () => {
      const length = Number(varint());
      return buffer.subarray(at, (at += length));
    },
    5: () => BigInt(buffer.readUInt32LE((at += 4) - 4)),
  };
  while (at < buffer.length) {
    const key = Number(varint());
    const value = values[key & 7];
    if (!value) throw new Error(`wire type ${key & 7} at ${at}`);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value()]);
  }
  return fields;
}
