import { Controller, HttpCode, Param, Post, Req, UseGuards, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  ActivatePolicy,
  type ActivationRefusal,
} from '../../../application/policies/activate-policy.command.js';
import { EvaluateRegistration } from '../../../application/policies/evaluate-registration.query.js';
import { KeepPolicy } from '../../../application/policies/keep-policy.command.js';
import { DEFAULT_REALM, RealmRegistry } from '../../../application/realms/realm-registry.js';
import { Problem } from '../../../platform/http/problem.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody, reason, text } from '../admin-body.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { evaluatedCaller, evaluation, presentEvaluation } from './evaluation.js';
import { POLICIES_PATH, receiveBundles } from './receive-bundle.js';

type AdminRequest = FastifyRequest<{ Body: ReceivedJson | undefined }>;

const activation = z.strictObject({ realm: text(64).min(1).default(DEFAULT_REALM), reason });

/** Policy bundles: upload, then activate. Nothing is admitted under the old policy once activation is answered. */
@Controller(POLICIES_PATH)
@UseGuards(OperatorGuard)
export class PoliciesController implements OnModuleInit {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
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

  @Post('evaluate')
  @HttpCode(200)
  async evaluate(@Req() request: AdminRequest): Promise<object> {
    const asked = adminBody(evaluation, request.body);
    if (!(await this.realms.find(asked.realm))) throw realmNotFound();
    const result = await this.queries.execute(
      new EvaluateRegistration(asked.realm, asked.registration, evaluatedCaller(asked.caller)),
    );
    if ('rejection' in result) {
      const { error, description, field, reason: why } = result.rejection;
      throw new Problem(400, error, description, { field, reason: why });
    }
    return presentEvaluation(result);
  }

  @Post(':digest/activate')
  @HttpCode(200)
  async activate(@Param('digest') digest: string, @Req() request: AdminRequest): Promise<object> {
    const asked = adminBody(activation, request.body);
    if (!(await this.realms.find(asked.realm))) throw realmNotFound();
    const initiator = { operator: adminTokenHolder, reason: asked.reason };
    const result = await this.commands.execute(
      new ActivatePolicy(asked.realm, digest, 'always', initiator, requestOrigin(request)),
    );
    if ('refusal' in result) throw activationProblem(result.refusal);
    const { bundle } = result.binding;
    return { realm: asked.realm, digest: bundle.digest, revision: bundle.revision };
  }
}

function realmNotFound(): Problem {
  return new Problem(404, 'realm_not_found', 'there is no such realm');
}

function activationProblem(refusal: ActivationRefusal): Problem {
  return refusal.reason === 'policy_not_found'
    ? new Problem(404, refusal.reason, 'no bundle with this digest was uploaded')
    : new Problem(
        409,
        refusal.reason,
        `the bundle lacks the profile ${refusal.profile}, which judges this realm`,
      );
}
