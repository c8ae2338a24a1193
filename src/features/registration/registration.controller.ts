import { Controller, Delete, Get, Options, Param, Post, Put, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetClientConfiguration } from '../../application/client-configuration/get-client-configuration.query.js';
import type { RegistrationResult } from '../../application/client-configuration/registered-client.js';
import { DeleteClient } from '../../application/delete-client/delete-client.command.js';
import { DEFAULT_REALM, RealmRegistry } from '../../application/realms/realm-registry.js';
import {
  RegisterClient,
  type RegistrationDoor,
} from '../../application/register-client/register-client.command.js';
import { ReplaceClient } from '../../application/replace-client/replace-client.command.js';
import type { Rejection } from '../../domain/rejection.js';
import { presentedBearer } from '../../platform/http/bearer-token.js';
import { presentedIdempotencyKey } from '../../platform/http/idempotency-key.js';
import { entityTag, readIfMatch } from '../../platform/http/if-match.js';
import { emptyBody, type ReceivedJson } from '../../platform/http/received-json.js';
import { requestOrigin } from '../../platform/http/request-origin.js';
import { clientInformation } from './client-information.js';
import { oauthErrorAnswer } from './oauth-error.js';

const CONFIGURATION_PATH = ':client_id';
const PROTECTED_PATH = 'protected';
type RegistrationRequest = FastifyRequest<{ Body: ReceivedJson | undefined }>;

/** RFC 7591 at `/register`, RFC 7592 at `/register/{client_id}`: translates the protocol to commands and queries. */
@Controller('register')
export class RegistrationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly realms: RealmRegistry,
  ) {}

  @Post()
  async register(@Req() request: RegistrationRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.registerThrough('realm', request, reply);
  }

  /** The way in for holders of an initial access token; no metadata document names it (T-07, A-08). */
  @Post(PROTECTED_PATH)
  async registerProtected(@Req() request: RegistrationRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.registerThrough('protected', request, reply);
  }

  @Get(CONFIGURATION_PATH)
  async read(
    @Param('client_id') clientId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const result = await this.queries.execute(
      new GetClientConfiguration(DEFAULT_REALM, clientId, bearerOf(request), requestOrigin(request)),
    );
    await this.answer(reply, 200, result);
  }

  @Put(CONFIGURATION_PATH)
  async replace(
    @Param('client_id') clientId: string,
    @Req() request: RegistrationRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const result = await this.commands.execute(
      new ReplaceClient(
        DEFAULT_REALM,
        clientId,
        bodyOf(request),
        bearerOf(request),
        readIfMatch(request.headers['if-match']),
        requestOrigin(request),
      ),
    );
    await this.answer(reply, 200, result);
  }

  @Delete(CONFIGURATION_PATH)
  async remove(
    @Param('client_id') clientId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const result = await this.commands.execute(
      new DeleteClient(
        DEFAULT_REALM,
        clientId,
        bearerOf(request),
        readIfMatch(request.headers['if-match']),
        requestOrigin(request),
      ),
    );
    if ('rejection' in result) await this.refuse(reply, result.rejection);
    else await reply.code(204).send();
  }

  @Options()
  async registerPreflight(@Res() reply: FastifyReply): Promise<void> {
    await preflight(reply, 'POST, OPTIONS');
  }

  @Options(PROTECTED_PATH)
  async protectedPreflight(@Res() reply: FastifyReply): Promise<void> {
    await preflight(reply, 'POST, OPTIONS');
  }

  @Options(CONFIGURATION_PATH)
  async configurationPreflight(@Res() reply: FastifyReply): Promise<void> {
    await preflight(reply, 'GET, PUT, DELETE, OPTIONS');
  }

  private async registerThrough(
    door: RegistrationDoor,
    request: RegistrationRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const idempotencyKey = presentedIdempotencyKey(request.headers['idempotency-key']);
    const result = await this.commands.execute(
      new RegisterClient(
        DEFAULT_REALM,
        bodyOf(request),
        bearerOf(request),
        requestOrigin(request),
        door,
        idempotencyKey,
      ),
    );
    await this.answer(reply, 201, result);
  }

  private async answer(reply: FastifyReply, status: number, result: RegistrationResult): Promise<void> {
    if ('rejection' in result) return this.refuse(reply, result.rejection);
    const { registered } = result;
    const { issuer } = (await this.realms.get(registered.state.realm)).state;
    await reply
      .code(status)
      .header('ETag', entityTag(registered.version))
      .send(clientInformation(registered, issuer));
  }

  private async refuse(reply: FastifyReply, rejection: Rejection): Promise<void> {
    const { status, body, headers } = oauthErrorAnswer(rejection);
    await reply.code(status).headers(headers).send(body);
  }
}

/** What a browser may send here, asked before it does (P-06). */
async function preflight(reply: FastifyReply, methods: string): Promise<void> {
  await reply
    .code(204)
    .headers({
      Allow: methods,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers':
        'Authorization, Content-Type, Idempotency-Key, If-Match, MCP-Protocol-Version',
      'Access-Control-Max-Age': '600',
    })
    .send();
}

function bodyOf(request: RegistrationRequest): ReceivedJson {
  return request.body ?? emptyBody;
}

function bearerOf(request: FastifyRequest): string | null {
  return presentedBearer(request.headers.authorization);
}
