import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { Sealer, sealingKeys } from '../../platform/crypto/sealer.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { refusing, StartRefused } from '../../platform/start-refused.js';
import { LOGGER } from '../../platform/telemetry/logger.js';
import { ReadinessRegistry, type Readiness } from '../../platform/telemetry/readiness.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import { ActivatePolicy } from '../policies/activate-policy.command.js';
import { PolicyBindings } from '../policies/policy-bindings.js';
import { PolicyStore } from '../policies/policy-store.js';
import { ConfigureRealm } from '../realms/configure-realm.command.js';
import { defaultRealm } from '../realms/default-realm.js';
import { DEFAULT_REALM, RealmRegistry } from '../realms/realm-registry.js';

const BUNDLE = 'admission.tar.gz';

/**
 * Brings the log to where a service can begin: the default realm is an event like any other, and so is its first policy.
 * Later starts find both and change nothing, whatever POLICY_DIR holds by then (DESIGN section 6).
 */
@Injectable()
export class FirstStart {
  constructor(
    private readonly commands: CommandBus,
    private readonly realms: RealmRegistry,
    private readonly store: PolicyStore,
    private readonly bindings: PolicyBindings,
    private readonly host: PolicyHost,
    private readonly sealer: Sealer,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: ReadinessRegistry,
  ) {
    readiness.register({ name: 'policy', required: true, check: () => this.policyReadiness() });
  }

  /** Runs once the handlers are there and before anything listens. */
  async run(): Promise<void> {
    await this.proveMasterKey();
    const origin = { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null };
    await this.configureDefaultRealm(origin);
    try {
      await this.activateFirstPolicy(origin);
    } catch (error) {
      // Token and admin endpoints serve on; registrations answer 503 and readiness says why.
      this.logger.error({ err: error }, 'the policy could not be activated; nothing is admitted until it is');
    }
  }

  /** Whatever was wrapped by another key is lost to this service: better to say so before anything is answered. */
  private async proveMasterKey(): Promise<void> {
    await refusing(
      () => this.sealer.seal(sealingKeys.proof, 'proof'),
      ({ message }) =>
        `MASTER_KEY does not open what this database holds, or its keys cannot be read: ${message}`,
    );
  }

  private async configureDefaultRealm(origin: RequestOrigin): Promise<void> {
    const { publicUrl, mode } = this.configuration;
    const existing = await this.realms.find(DEFAULT_REALM);
    if (existing?.state.issuer === publicUrl) return;
    if (existing && mode === 'production') {
      throw new StartRefused(
        `PUBLIC_URL is ${publicUrl}, but the clients of this database know the issuer ${existing.state.issuer}`,
      );
    }
    const { name: _, configured_at: __, ...current } = existing?.state ?? { name: '', configured_at: '' };
    const configuration = existing
      ? { ...defaultRealm(publicUrl, mode), ...current, issuer: publicUrl }
      : defaultRealm(publicUrl, mode);
    await this.commands.execute(new ConfigureRealm(DEFAULT_REALM, configuration, 'system', origin));
  }

  private async activateFirstPolicy(origin: RequestOrigin): Promise<void> {
    if (await this.store.findActive(DEFAULT_REALM)) {
      await this.bindings.current(DEFAULT_REALM);
      return;
    }
    const bytes = await readFile(path.join(this.configuration.policyDirectory, BUNDLE));
    const { digest, revision } = await this.host.load(bytes);
    await this.store.keep({ digest, revision, bytes });
    await this.commands.execute(new ActivatePolicy(DEFAULT_REALM, digest, 'if_none', 'system', origin));
  }

  private async policyReadiness(): Promise<Readiness> {
    const { bundle } = await this.bindings.current(DEFAULT_REALM);
    const tripped = this.host.status().bundles.some((each) => each.digest === bundle.digest && each.tripped);
    if (tripped) return { ready: false, reason: 'the active policy times out' };
    return { ready: true, detail: `revision ${bundle.revision}` };
  }
}
