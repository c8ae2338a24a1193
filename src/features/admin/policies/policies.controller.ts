import { Controller, HttpCode, Param, Post, Req, UseGuards, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ActivatePolicy } from '../../../application/policies/activate-policy.command.js';
import { KeepPolicy } from '../../../application/policies/keep-policy.command.js';
import { DEFAULT_REALM, RealmRegistry } from '../../../application/realms/realm-registry.js';
import { Problem } from '../../../platform/http/problem.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody, reason, text } from '../admin-body.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { POLICIES_PATH, receiveBundles } from './receive-bundle.js';

const activation = z.strictObject({ realm: text(64).min(1).default(DEFAULT_REALM), reason });

/** Policy bundles: upload, then activate. Nothing is admitted under the old policy once activation is answered. */
@Controller(POLICIES_PATH)
@UseGuards(OperatorGuard)
export class PoliciesController implements OnModuleInit {
  constructor(
    private readonly commands: CommandBus,
    private readonly realms: RealmRegistry,
    private readonly guard: OperatorGuard,
    private readonly adapter: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    receiveBundles(this.adapter.httpAdapter.getInstance(), this.guard);
  }

  @Post()
  async upload(@Req() request: FastifyRequest): Promise<object> {
    if (!Buffer.isBuffer(request.body)) {
      throw new Problem(415, 'unsupported_media_type', 'send the bundle as application/gzip');
    }
    const kept = await this.commands.execute(new KeepPolicy(request.body));
    if ('invalid' in kept) throw new Problem(400, 'invalid_policy_bundle', kept.invalid);
    return kept;
  }

  @Post(':digest/activate')
  @HttpCode(200)
  async activate(
    @Param('digest') digest: string,
    @Req() request: FastifyRequest<{ Body: ReceivedJson | undefined }>,
  ): Promise<object> {
    const asked = adminBody(activation, request.body);
    if (!(await this.realms.find(asked.realm)))
      throw new Problem(404, 'realm_not_found', 'there is no such realm');
    const origin = requestOrigin(request);
    const binding = await this.commands.execute(
      new ActivatePolicy(
        asked.realm,
        digest,
        'always',
        { operator: adminTokenHolder, reason: asked.reason },
        origin,
      ),
    );
    if (!binding) throw new Problem(404, 'policy_not_found', 'no bundle with this digest was uploaded');
    return { realm: asked.realm, digest: binding.bundle.digest, revision: binding.bundle.revision };
  }
}
