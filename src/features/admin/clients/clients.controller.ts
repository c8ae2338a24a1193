import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ListClients } from '../../../application/directory/list-clients.query.js';
import { ShowClient } from '../../../application/directory/show-client.query.js';
import {
  OperateClient,
  type ClientIntent,
} from '../../../application/operate-client/operate-client.command.js';
import { ReadStream } from '../../../application/event-feed/read-stream.query.js';
import { DEFAULT_REALM } from '../../../application/realms/realm-registry.js';
import { LastUses } from '../../../application/usage/last-uses.js';
import { streams } from '../../../contract/streams.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody, adminQuery, reason, text } from '../admin-body.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { Problem } from '../../../platform/http/problem.js';
import { presentClient } from './client-presentation.js';
import { intentProblem } from './intent-problem.js';

type PresentedClient = Parameters<typeof presentClient>[0];
type AdminRequest = FastifyRequest<{ Body: ReceivedJson | undefined }>;

const realm = text(64).min(1).default(DEFAULT_REALM);

const listQuery = z.object({
  realm,
  status: z.enum(['pending', 'active', 'suspended', 'denied', 'expired', 'deleted']).optional(),
  q: text(256).optional(),
  cursor: text(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const change = z.strictObject({ reason, version: z.int().positive().optional() });

/** Clients for operators: list, show, history, and the changes, each with a reason. */
@Controller('admin/v1/clients')
@UseGuards(OperatorGuard)
export class ClientsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly lastUses: LastUses,
  ) {}

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const { realm, status, q, cursor, limit } = adminQuery(listQuery, query);
    const page = await this.queries.execute(new ListClients(realm, { status, search: q }, cursor, limit));
    return { items: await this.present(page.items), next_cursor: page.nextCursor };
  }

  @Get(':client_id')
  async show(@Param('client_id') clientId: string, @Query() query: unknown): Promise<object> {
    const client = await this.queries.execute(new ShowClient(realmOf(query), clientId));
    if (!client) throw intentProblem({ reason: 'client_not_found' });
    return this.presentOne(client);
  }

  @Get(':client_id/events')
  async history(@Param('client_id') clientId: string, @Query() query: unknown): Promise<object> {
    const items = await this.queries.execute(new ReadStream(streams.client(realmOf(query), clientId)));
    if (items.length === 0) throw intentProblem({ reason: 'client_not_found' });
    return { items, next_cursor: null };
  }

  @Delete(':client_id')
  async remove(
    @Param('client_id') id: string,
    @Query() query: unknown,
    @Req() request: AdminRequest,
  ): Promise<object> {
    return this.operate('delete', id, query, request);
  }

  @Post(':client_id/:intent')
  @HttpCode(200)
  async change(
    @Param('client_id') id: string,
    @Param('intent') intent: string,
    @Query() query: unknown,
    @Req() request: AdminRequest,
  ): Promise<object> {
    if (!isIntent(intent))
      throw new Problem(404, 'not_found', 'a client can be approved, denied, suspended or reinstated');
    return this.operate(intent, id, query, request);
  }

  private async operate(
    intent: ClientIntent,
    clientId: string,
    query: unknown,
    request: AdminRequest,
  ): Promise<object> {
    const { reason: why, version } = adminBody(change, request.body);
    const result = await this.commands.execute(
      new OperateClient(
        intent,
        realmOf(query),
        clientId,
        why,
        version ?? null,
        adminTokenHolder,
        requestOrigin(request),
      ),
    );
    if ('refusal' in result) throw intentProblem(result.refusal);
    return this.presentOne(result.client);
  }

  private async presentOne(client: PresentedClient): Promise<object> {
    return (await this.present([client]))[0]!;
  }

  private async present(clients: readonly PresentedClient[]): Promise<readonly object[]> {
    const uses = await this.lastUses.of(clients.map(({ state }) => state));
    return clients.map((client) => presentClient(client, uses.get(client.state.client_id) ?? null));
  }
}

function realmOf(query: unknown): string {
  return adminQuery(z.object({ realm }), query).realm;
}

function isIntent(text: string): text is ClientIntent {
  return ['approve', 'deny', 'suspend', 'reinstate'].includes(text);
}
