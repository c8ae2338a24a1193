import { describe, expect, it } from 'vitest';
import { ResponseParser } from './response-parser.mjs';

const answers = {
  'with a length':
    'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 11\r\n\r\n{"é":"\r\n\r\n',
  'with an empty body': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'without a body': 'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n',
  'in chunks':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\nB;name=value\r\n:"\r\n0\r\n\r\n"}\r\n0\r\n\r\n',
};
const bodies: Record<keyof typeof answers, string> = {
  'with a length': '{"é":"\r\n\r\n',
  'with an empty body': '',
  'without a body': '',
  'in chunks': '{"a":"\r\n0\r\n\r\n"}',
};

describe('a response', () => {
  it.each(Object.keys(answers) as (keyof typeof answers)[])('%s is read, wherever it is split', (kind) => {
    const bytes = Buffer.from(answers[kind]);
    const status = Number(answers[kind].slice(9, 12));
    for (let split = 1; split < bytes.length; split += 1) {
      const parser = new ResponseParser();
      expect(parser.push(bytes.subarray(0, split)), `split at ${split}`).toBeUndefined();
      const response = parser.push(bytes.subarray(split));
      expect([response?.status, response?.body.toString()], `split at ${split}`).toEqual([
        status,
        bodies[kind],
      ]);
    }
  });

  it.each(Object.keys(answers) as (keyof typeof answers)[])('%s is read byte by byte, twice', (kind) => {
    const bytes = Buffer.from(answers[kind]);
    const parser = new ResponseParser();
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < bytes.length - 1; at += 1)
        expect(parser.push(bytes.subarray(at, at + 1))).toBeUndefined();
      expect(parser.push(bytes.subarray(-1))?.body.toString()).toBe(bodies[kind]);
    }
  });

  it('that ends the connection says so', () => {
    const closing = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    expect(new ResponseParser().push(Buffer.from(closing))?.closes).toBe(true);
    expect(new ResponseParser().push(Buffer.from(answers['with a length']))?.closes).toBe(false);
  });
});

describe('what is not one response', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['an interim response', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a response of unknown length', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['a second response', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    [
      'a chunk longer than its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
    ],
  ])('%s is an error', (_, text) => {
    expect(() => new ResponseParser().push(Buffer.from(text))).toThrow(Error);
  });
});
