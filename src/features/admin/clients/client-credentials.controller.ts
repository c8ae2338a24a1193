import { Controller, Header, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEFAULT_REALM, RealmRegistry } from '../../../application/realms/realm-registry.js';
import {
  RotateCredential,
  type IssuedCredential,
  type RotatedCredential,
} from '../../../application/rotate-credential/rotate-credential.command.js';
import { millisecondsOf } from '../../../contract/timestamp.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody, adminQuery, reason, text } from '../admin-body.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { intentProblem } from './intent-problem.js';

type AdminRequest = FastifyRequest<{ Body: ReceivedJson | undefined }>;

const LONGEST_OVERLAP = 30 * 24 * 3600;
const target = z.object({ realm: text(64).min(1).default(DEFAULT_REALM) });
const change = z.strictObject({ reason, version: z.int().positive().optional() });
const secretRotation = change.extend({ overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP).default(0) });

/** New credentials for a client, each shown in the answer and never again. */
@Controller('admin/v1/clients')
@UseGuards(OperatorGuard)
export class ClientCredentialsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly realms: RealmRegistry,
  ) {}

  @Post(':client_id/rotate-secret')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async rotateSecret(
    @Param('client_id') id: string,
    @Query() query: unknown,
    @Req() request: AdminRequest,
  ): Promise<object> {
    const { overlap_seconds: overlap, ...why } = adminBody(secretRotation, request.body);
    const { client, text } = await this.rotate({ kind: 'client_secret', overlap }, id, why, query, request);
    const { secrets } = client.state;
    const { expires_at } = secrets.at(-1)!;
    return {
      client_id: client.state.client_id,
      version: client.version,
      client_secret: text,
      client_secret_expires_at: expires_at === null ? 0 : Math.floor(millisecondsOf(expires_at) / 1000),
      secrets: secrets.map(({ id: secret, created_at, expires_at: end }) => ({
        id: secret,
        created_at,
        expires_at: end,
      })),
    };
  }

  @Post(':client_id/rotate-registration-access-token')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async rotateRegistrationAccessToken(
    @Param('client_id') id: string,
    @Query() query: unknown,
    @Req() request: AdminRequest,
  ): Promise<object> {
    const why = adminBody(change, request.body);
    const credential = { kind: 'registration_access_token' } as const;
    const { client, text } = await this.rotate(credential, id, why, query, request);
    const { client_id, realm } = client.state;
    const { issuer } = (await this.realms.get(realm)).state;
    return {
      client_id,
      version: client.version,
      registration_client_uri: `${issuer}/register/${encodeURIComponent(client_id)}`,
      registration_access_token: text,
    };
  }

  private async rotate(
    credential: RotatedCredential,
    clientId: string,
    why: z.infer<typeof change>,
    query: unknown,
    request: AdminRequest,
  ): Promise<IssuedCredential> {
    const result = await this.commands.execute(
      new RotateCredential(
        credential,
        adminQuery(target, query).realm,
        clientId,
        why.reason,
        why.version ?? null,
        adminTokenHolder,
        requestOrigin(request),
      ),
    );
    if ('refusal' in result) throw intentProblem(result.refusal);
    return result;
  }
}
