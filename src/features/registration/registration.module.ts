import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ProtectedPathController } from './protected-path.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { RegistrationController } from './registration.controller.js';

/** Every answer under /register, errors included: never cached, readable by browser clients (P-06). */
const headers = {
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, ETag, Retry-After, X-Request-Id',
};

/** Dynamic client registration and its management protocol. */
@Module({ controllers: [RegistrationController, ProtectedPathController, OpenApiController] })
export class RegistrationModule implements OnModuleInit {
  constructor(private readonly adapter: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapter.httpAdapter.getInstance();
    fastify.addHook('onRequest', async (request, reply) => {
      if (/^\/register(?:[/?]|$)/.test(request.url)) reply.headers(headers);
    });
  }
}
