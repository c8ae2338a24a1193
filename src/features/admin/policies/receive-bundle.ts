import {
  UnauthorizedException,
  UnsupportedMediaTypeException,
  PayloadTooLargeException,
} from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OperatorGuard } from '../operator.guard.js';

export const POLICIES_PATH = 'admin/v1/policies';
const LARGEST_BUNDLE = 8 * 1024 * 1024;

/**
 * Lets `application/gzip` bodies in for the upload of bundles, and only there. Operators are told from strangers before a
 * byte is read, because a bundle may be much larger than anything a stranger may send.
 */
export function receiveBundles(fastify: FastifyInstance, guard: OperatorGuard): void {
  fastify.addContentTypeParser(
    'application/gzip',
    { bodyLimit: LARGEST_BUNDLE },
    async (request: FastifyRequest) => {
      if (request.routeOptions.url !== `/${POLICIES_PATH}`) throw new UnsupportedMediaTypeException();
      if (!guard.admits(request.headers.authorization)) throw new UnauthorizedException();
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of request.raw as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > LARGEST_BUNDLE) throw new PayloadTooLargeException();
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  );
}
