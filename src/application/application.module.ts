import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Clock } from '../platform/clock.js';
import type { Configuration } from '../platform/config/configuration.js';
import { CONFIGURATION } from '../platform/config/configuration.token.js';
import { MasterKey } from '../platform/crypto/master-key.js';
import { Sealer } from '../platform/crypto/sealer.js';
import { POOL } from '../platform/database/pool.js';
import { ClaimHolders } from '../platform/event-log/claim-holders.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { EventReader } from '../platform/event-log/event-reader.js';
import { PostgresEventReader } from '../platform/event-log/postgres-event-reader.js';
import { PolicyHost } from '../platform/opa/policy-host.js';
import { LOGGER } from '../platform/telemetry/logger.js';
import { Metrics } from '../platform/telemetry/metrics.js';
import { TRACING, type Tracing } from '../platform/telemetry/tracing/tracing.js';
import { countBatch } from './telemetry/event-log-metrics.js';
import { traceBatch } from './telemetry/event-log-traces.js';
import { countEvaluation, samplePolicyHost } from './telemetry/policy-host-metrics.js';
import { AdmissionJudge } from './admission/admission-judge.js';
import { AdmissionMetrics } from './admission/admission-metrics.js';
import { DecisionTraces } from './admission/decision-traces.js';
import { DecideAgain } from './admission/decide-again.js';
import { EventContexts } from './admission/event-contexts.js';
import { Initiators } from './admission/initiator.js';
import { PriorStandings } from './admission/prior-standings.js';
import { RefusalRecorder } from './admission/refusal-recorder.js';
import { ClientAccess } from './client-configuration/client-access.js';
import { ClientChanges } from './client-configuration/client-change.js';
import { GetClientConfigurationHandler } from './client-configuration/get-client-configuration.handler.js';
import { DeleteClientHandler } from './delete-client/delete-client.handler.js';
import { ClientDirectory } from './directory/client-directory.js';
import { ClientDirectoryEntity } from './directory/client-directory.entity.js';
import { inlineProjections } from './directory/inline-projections.js';
import { ListClientsHandler } from './directory/list-clients.handler.js';
import { PostgresClientDirectory } from './directory/postgres-client-directory.js';
import { ShowClientHandler } from './directory/show-client.handler.js';
import { EventPresenter } from './event-feed/event-presenter.js';
import { ReadFeedHandler } from './event-feed/read-feed.handler.js';
import { ReadStreamHandler } from './event-feed/read-stream.handler.js';
import { FirstStart } from './first-start/first-start.js';
import { ExpireClientsHandler } from './housekeeping/expire-clients.handler.js';
import { Housekeeping } from './housekeeping/housekeeping.js';
import { UnusedClients } from './housekeeping/unused-clients.js';
import { InitialAccessTokenStore } from './initial-access-tokens/initial-access-token-store.js';
import { IssueInitialAccessTokenHandler } from './initial-access-tokens/issue-initial-access-token.handler.js';
import { ListInitialAccessTokensHandler } from './initial-access-tokens/list-initial-access-tokens.handler.js';
import { RevokeInitialAccessTokenHandler } from './initial-access-tokens/revoke-initial-access-token.handler.js';
import { OperateClientHandler } from './operate-client/operate-client.handler.js';
import { ActivatePolicyHandler } from './policies/activate-policy.handler.js';
import { EvaluateRegistrationHandler } from './policies/evaluate-registration.handler.js';
import { KeepPolicyHandler } from './policies/keep-policy.handler.js';
import { ListProfilesHandler } from './policies/list-profiles.handler.js';
import { PolicyBindings } from './policies/policy-bindings.js';
import { PolicyStore } from './policies/policy-store.js';
import { reservedMembers } from './policies/reserved-members.js';
import { ConfigureRealmHandler } from './realms/configure-realm.handler.js';
import { PostgresRealmRegistry } from './realms/postgres-realm-registry.js';
import { RealmRegistry } from './realms/realm-registry.js';
import { RotateCredentialHandler } from './rotate-credential/rotate-credential.handler.js';
import { RegisterClientHandler } from './register-client/register-client.handler.js';
import { Folding } from './register-client/folding.js';
import { RegistrationCallers } from './register-client/registration-callers.js';
import { RegistrationAdmission } from './register-client/registration-admission.js';
import { RegistrationGuards } from './register-client/registration-guards.js';
import { RegistrationReader } from './register-client/registration-reader.js';
import { RepeatedRegistrations } from './register-client/repeated-registrations.js';
import { Replays } from './register-client/replays.js';
import { limitProviders } from './rate-limits/limit-providers.js';
import { FailedAuthentications } from './rate-limits/failed-authentications.js';
import { ThrottledRegistrations } from './rate-limits/throttled-registrations.js';
import { LimitExchange } from '../platform/rate-limits/limit-exchange.js';
import { ClientUsage } from './usage/client-usage.js';
import { LastUses } from './usage/last-uses.js';
import { ReplaceClientHandler } from './replace-client/replace-client.handler.js';
import { SoftwareStatements } from './software-statements/software-statements.js';
import { StatementQuota } from './software-statements/statement-quota.js';

/** One per command and query. */
const handlers = [
  RegisterClientHandler,
  GetClientConfigurationHandler,
  ReplaceClientHandler,
  DeleteClientHandler,
  OperateClientHandler,
  RotateCredentialHandler,
  IssueInitialAccessTokenHandler,
  RevokeInitialAccessTokenHandler,
  ListInitialAccessTokensHandler,
  ListClientsHandler,
  ShowClientHandler,
  ReadFeedHandler,
  ReadStreamHandler,
  ConfigureRealmHandler,
  ActivatePolicyHandler,
  KeepPolicyHandler,
  ListProfilesHandler,
  EvaluateRegistrationHandler,
  ExpireClientsHandler,
];

/** What the use cases share among themselves. */
const collaborators = [
  AdmissionJudge,
  AdmissionMetrics,
  ClientAccess,
  ClientChanges,
  DecideAgain,
  DecisionTraces,
  EventContexts,
  EventPresenter,
  FirstStart,
  Housekeeping,
  InitialAccessTokenStore,
  Initiators,
  LastUses,
  PolicyBindings,
  Folding,
  PolicyStore,
  PriorStandings,
  RefusalRecorder,
  RegistrationCallers,
  SoftwareStatements,
  StatementQuota,
  RegistrationAdmission,
  RegistrationGuards,
  RegistrationReader,
  RepeatedRegistrations,
  Replays,
  UnusedClients,
];

/** The platform's parts, made for this instance. */
const platform = [
  Clock,
  {
    provide: MasterKey,
    inject: [CONFIGURATION],
    useFactory: (configuration: Configuration) => new MasterKey(configuration.masterKey),
  },
  {
    provide: Sealer,
    inject: [POOL, MasterKey],
    useFactory: (pool: Pool, masterKey: MasterKey) => new Sealer(pool, masterKey),
  },
  {
    provide: EventLog,
    inject: [POOL, Metrics, TRACING],
    useFactory: (pool: Pool, metrics: Metrics, tracing: Tracing) =>
      new EventLog({
        pool,
        projections: inlineProjections,
        recordedBy: `${hostname()}-${randomBytes(4).toString('hex')}`,
        onBatch: (batch) => {
          countBatch(metrics, batch);
          traceBatch(tracing, batch);
        },
      }),
  },
  { provide: PostgresEventReader, inject: [POOL], useFactory: (pool: Pool) => new PostgresEventReader(pool) },
  { provide: ClaimHolders, inject: [POOL], useFactory: (pool: Pool) => new ClaimHolders(pool) },
  { provide: EventReader, useExisting: PostgresEventReader },
  { provide: ClientDirectory, inject: [POOL], useFactory: (pool: Pool) => new PostgresClientDirectory(pool) },
  { provide: RealmRegistry, inject: [POOL], useFactory: (pool: Pool) => new PostgresRealmRegistry(pool) },
  {
    provide: ClientUsage,
    inject: [POOL, EventLog, EventContexts, Clock, LOGGER],
    useFactory: (pool: Pool, log: EventLog, contexts: EventContexts, clock: Clock, logger: Logger) =>
      new ClientUsage({
        pool,
        log,
        contexts,
        clock,
        onFailure: (error) => logger.warn({ err: error }, 'the use of a client could not be recorded'),
      }),
  },
  {
    provide: PolicyHost,
    inject: [LOGGER, Metrics],
    useFactory: (logger: Logger, metrics: Metrics) => {
      const host = new PolicyHost({
        protocolMembers: reservedMembers,
        onEvaluation: (evaluation) => countEvaluation(metrics, evaluation),
        onTripChange: (bundle) => {
          if (bundle.tripped) logger.error(bundle, 'the policy times out and rests');
          else logger.warn(bundle, 'the policy answers again');
        },
      });
      metrics.sample(() => samplePolicyHost(metrics, host.status()));
      return host;
    },
  },
];

/** Every use case of the service, and the parts of the platform that the features read from. */
@Global()
@Module({
  imports: [CqrsModule.forRoot(), TypeOrmModule.forFeature([ClientDirectoryEntity])],
  providers: [...platform, ...collaborators, ...limitProviders, ...handlers],
  exports: [
    CqrsModule,
    ClientDirectory,
    RealmRegistry,
    EventLog,
    EventReader,
    MasterKey,
    Sealer,
    Clock,
    PolicyStore,
    PolicyHost,
    ClientUsage,
    FailedAuthentications,
    LastUses,
    LimitExchange,
    ThrottledRegistrations,
  ],
})
export class ApplicationModule implements OnApplicationShutdown {
  constructor(
    @Inject(PolicyHost) private readonly host: PolicyHost,
    @Inject(ClientUsage) private readonly usage: ClientUsage,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.usage.settle();
    await this.host.close();
  }
}
