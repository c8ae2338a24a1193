import { Controller, Delete, Get, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { IssueInitialAccessToken } from '../../../application/initial-access-tokens/issue-initial-access-token.command.js';
import { ListInitialAccessTokens } from '../../../application/initial-access-tokens/list-initial-access-tokens.query.js';
import { RevokeInitialAccessToken } from '../../../application/initial-access-tokens/revoke-initial-access-token.command.js';
import { DEFAULT_REALM, RealmRegistry } from '../../../application/realms/realm-registry.js';
import type { InitialAccessTokenState } from '../../../domain/initial-access-token/initial-access-token.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody, adminQuery, reason, text } from '../admin-body.js';
import { tokenConstraints } from './token-constraints.js';
import { assertProfile } from '../assert-profile.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { Problem } from '../../../platform/http/problem.js';

type AdminRequest = FastifyRequest<{ Body: ReceivedJson | undefined }>;

const DAY = 24 * 3600;
const YEAR = 366 * DAY;
const realm = text(64).min(1).default(DEFAULT_REALM);

const issueBody = z.strictObject({
  realm,
  expires_in: z.int().positive().max(YEAR).default(DAY),
  max_uses: z.int().positive().max(1_000_000).nullable().default(1),
  constraints: tokenConstraints.default({}),
  reason,
});

const listQuery = z.object({
  realm,
  cursor: text(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Initial access tokens (RFC 7591 section 1.2): issue, list, revoke. */
@Controller('admin/v1/initial-access-tokens')
@UseGuards(OperatorGuard)
export class InitialAccessTokensController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly realms: RealmRegistry,
  ) {}

  @Post()
  async issue(@Req() request: AdminRequest): Promise<object> {
    const body = adminBody(issueBody, request.body);
    if (!(await this.realms.find(body.realm)))
      throw new Problem(404, 'realm_not_found', 'there is no such realm');
    const { profile } = body.constraints;
    if (profile !== undefined) await assertProfile(this.queries, body.realm, profile, 'constraints.profile');
    const { token, state } = await this.commands.execute(
      new IssueInitialAccessToken(
        body.realm,
        {
          expiresIn: body.expires_in,
          maxUses: body.max_uses,
          constraints: body.constraints,
          reason: body.reason,
        },
        adminTokenHolder,
        requestOrigin(request),
      ),
    );
    return { ...present(state), token };
  }

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const asked = adminQuery(listQuery, query);
    const page = await this.queries.execute(
      new ListInitialAccessTokens(asked.realm, asked.cursor ?? null, asked.limit),
    );
    return { items: page.items.map(present), next_cursor: page.nextCursor };
  }

  @Delete(':id')
  async revoke(@Param('id') id: string, @Req() request: AdminRequest): Promise<object> {
    const { reason: why } = adminBody(z.strictObject({ reason }), request.body);
    const state = await this.commands.execute(
      new RevokeInitialAccessToken(id, why, adminTokenHolder, requestOrigin(request)),
    );
    if (!state) throw new Problem(404, 'token_not_found', 'there is no such initial access token');
    return present(state);
  }
}

function present(state: InitialAccessTokenState): object {
  return {
    id: state.token_id,
    realm: state.realm,
    issued_at: state.issued_at,
    expires_at: state.credential.expires_at,
    max_uses: state.max_uses,
    uses: state.uses,
    revoked: state.revoked,
    constraints: state.constraints,
  };
}
