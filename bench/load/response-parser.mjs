// Reads HTTP/1.1 responses from a socket, one after another, for requests that were sent one at a time.

const HEAD_END = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);
const STATUS_LINE = /^HTTP\/1\.1 (\d{3})/;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const CLOSES = /\r\nconnection: *close/i;
const SIZE_LINE = /^([0-9a-f]+)(?:;.*)?$/i;
/** RFC 9110 sections 15.2, 15.3.5 and 15.4.5. */
const WITHOUT_BODY = new Set([204, 304]);

/**
 * @typedef {object} HttpResponse
 * @property {number} status
 * @property {string} head status line and header fields, as received
 * @property {Buffer} body without its transfer coding
 * @property {boolean} closes the server ends the connection after it
 */

/**
 * Takes what a socket delivers, split anywhere, and tells when a response is complete. It understands what the compared
 * servers send: a length, or chunks without trailers. Anything else is an error rather than a guess.
 */
export class ResponseParser {
  #pending = EMPTY;

  /**
   * @param {Buffer} chunk
   * @returns {HttpResponse | undefined} undefined while the response is not complete
   * @throws {Error} when this is no response, or more than the one that was asked for
   */
  push(chunk) {
    const received = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const headLength = received.indexOf(HEAD_END);
    if (headLength === -1) return this.#wait(received);
    const head = received.latin1Slice(0, headLength);
    const status = Number(STATUS_LINE.exec(head)?.[1]);
    if (!(status >= 200)) throw new Error(`not a final HTTP/1.1 response: ${head.slice(0, 80)}`);
    const bodyStart = headLength + HEAD_END.length;
    const read = readBody(received, bodyStart, head, status);
    if (read === undefined) return this.#wait(received);
    if (read.end !== received.length) throw new Error('the server sent more than one response');
    this.#pending = EMPTY;
    return { status, head, body: read.body, closes: CLOSES.test(head) };
  }

  #wait(received) {
    this.#pending = received;
    return undefined;
  }
}

/** @returns {{body: Buffer, end: number} | undefined} undefined while bytes are missing */
function readBody(received, start, head, status) {
  if (WITHOUT_BODY.has(status)) return { body: EMPTY, end: start };
  if (CHUNKED.test(head)) return readChunks(received, start);
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`a response of unknown length: ${head}`);
  const end = start + Number(length);
  return received.length < end ? undefined : { body: received.subarray(start, end), end };
}

function readChunks(received, start) {
  const parts = [];
  let at = start;
  for (;;) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = SIZE_LINE.exec(received.latin1Slice(at, lineEnd))?.[1];
    if (size === undefined) throw new Error('a chunk without a size');
    const dataStart = lineEnd + 2;
    const dataEnd = dataStart + Number.parseInt(size, 16);
    if (received.length < dataEnd + 2) return undefined;
    if (received.latin1Slice(dataEnd, dataEnd + 2) !== '\r\n')
      throw new Error('a chunk longer than its size');
    at = dataEnd + 2;
    if (dataEnd === dataStart) return { body: Buffer.concat(parts), end: at };
    parts.push(received.subarray(dataStart, dataEnd));
  }
}
