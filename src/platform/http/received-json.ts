import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../contract/json.js';
import { parseGuardedObject } from '../json/guarded-json.js';

/**
 * A request body after the guard: a JSON object, or why it is none. A fault is a value, not an exception, because it may
 * only be told after the caller was authenticated.
 */
export type ReceivedJson =
  | {
      readonly ok: true;
      readonly value: JsonObject;
      /** SHA-256 of the bytes, base64url. */ readonly sha256: string;
    }
  | { readonly ok: false; readonly description: string };

/** What a handler that needs a JSON body sees when the request had none. */
export const emptyBody: ReceivedJson = {
  ok: false,
  description: 'the request has no body; a JSON object is needed',
};

/**
 * Makes `application/json` bodies arrive as ReceivedJson. Every other media type stays unknown to Fastify, which answers
 * 415 then; in particular nothing here parses forms.
 */
export function receiveJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body: Buffer, done) => {
    if (body.length === 0) return done(null, emptyBody);
    const guarded = parseGuardedObject(body);
    return done(
      null,
      guarded.ok
        ? { ok: true, value: guarded.value, sha256: createHash('sha256').update(body).digest('base64url') }
        : { ok: false, description: guarded.fault.description },
    );
  });
}
