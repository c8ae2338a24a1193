import { createHash } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_REALM, RealmRegistry, type RealmEntry } from '../../../application/realms/realm-registry.js';
import { DOCUMENT_PATH, registrationDocument } from './registration-document.js';

/** A description that was served once; it changes with its realm only. */
interface Rendering {
  readonly version: number;
  readonly text: string;
  readonly etag: string;
}

/** Serves the OpenAPI document of the registration API, to anybody and to scripts of any origin. */
@Controller()
export class OpenApiController {
  private rendering: Rendering | undefined;

  constructor(private readonly realms: RealmRegistry) {}

  @Get(DOCUMENT_PATH)
  async document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { text, etag } = this.rendered(await this.realms.get(DEFAULT_REALM));
    reply.headers({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag',
      'Cache-Control': 'public, max-age=300',
      ETag: etag,
    });
    if (isKnown(request.headers['if-none-match'], etag)) await reply.code(304).send();
    else await reply.type('application/json').send(text);
  }

  private rendered({ state, version }: RealmEntry): Rendering {
    if (this.rendering?.version !== version) {
      const text = JSON.stringify(registrationDocument(state));
      const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
      this.rendering = { version, text, etag };
    }
    return this.rendering;
  }
}

/** Weak comparison, as RFC 9110 section 13.1.2 wants it. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
