import { Controller, Get, Inject, Param, Put, Req, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ConfigureRealm } from '../../../application/realms/configure-realm.command.js';
import { RealmRegistry, type RealmEntry } from '../../../application/realms/realm-registry.js';
import { clientManagement } from '../../../domain/realm/client-management.js';
import type { Configuration } from '../../../platform/config/configuration.js';
import { CONFIGURATION } from '../../../platform/config/configuration.token.js';
import { Problem } from '../../../platform/http/problem.js';
import type { ReceivedJson } from '../../../platform/http/received-json.js';
import { requestOrigin } from '../../../platform/http/request-origin.js';
import { adminBody } from '../admin-body.js';
import { adminTokenHolder, OperatorGuard } from '../operator.guard.js';
import { assertProfile } from '../assert-profile.js';
import { realmBody } from './realm-body.js';

/** The realms that exist: show, and configure whole. */
@Controller('admin/v1/realms')
@UseGuards(OperatorGuard)
export class RealmsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly realms: RealmRegistry,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get(':name')
  async show(@Param('name') name: string): Promise<object> {
    return present(await this.existing(name));
  }

  @Put(':name')
  async configure(
    @Param('name') name: string,
    @Req() request: FastifyRequest<{ Body: ReceivedJson | undefined }>,
  ): Promise<object> {
    const { reason, ...asked } = adminBody(realmBody, request.body);
    if (asked.unknown_resources === 'loopback' && this.configuration.mode === 'production') {
      throw new Problem(400, 'invalid_request', 'unknown_resources: loopback exists in development only');
    }
    const { issuer } = (await this.existing(name)).state;
    await assertProfile(this.queries, name, asked.profile, 'profile');
    const initiator = { operator: adminTokenHolder, reason };
    return present(
      await this.commands.execute(
        new ConfigureRealm(name, { issuer, ...asked }, initiator, requestOrigin(request)),
      ),
    );
  }

  private async existing(name: string): Promise<RealmEntry> {
    const entry = name.includes('\0') ? undefined : await this.realms.find(name);
    if (!entry) throw new Problem(404, 'realm_not_found', 'there is no such realm');
    return entry;
  }
}

function present({ state, version }: RealmEntry): object {
  return { ...state, client_management: clientManagement(state), version };
}
