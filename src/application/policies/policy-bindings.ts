import { Injectable } from '@nestjs/common';
import type { PolicyBindingState } from '../../domain/policy/policy-binding.js';
import { PolicyHost, type LoadedBundle } from '../../platform/opa/policy-host.js';
import { PolicyUnavailable } from '../../platform/opa/policy-unavailable.js';
import { PolicyStore } from './policy-store.js';

/** The bundle that judges a realm, loaded, with the version of `policy:<realm>` that decisions made by it require. */
export interface PolicyBinding {
  readonly version: number;
  readonly hash: string;
  readonly state: PolicyBindingState;
  readonly bundle: LoadedBundle;
}

/**
 * Which policy judges which realm, as this instance believes. An instance that is behind finds out at the append, which
 * requires the version; it then forgets, loads and decides again.
 */
@Injectable()
export class PolicyBindings {
  private readonly known = new Map<string, Promise<PolicyBinding>>();

  constructor(
    private readonly store: PolicyStore,
    private readonly host: PolicyHost,
  ) {}

  /** @throws PolicyUnavailable when the realm has no policy, or its bundle does not load: fail closed */
  current(realm: string): Promise<PolicyBinding> {
    let binding = this.known.get(realm);
    if (!binding) {
      binding = this.load(realm);
      this.known.set(realm, binding);
      binding.catch(() => this.forget(realm));
    }
    return binding;
  }

  forget(realm: string): void {
    this.known.delete(realm);
  }

  private async load(realm: string): Promise<PolicyBinding> {
    const active = await this.store.findActive(realm);
    if (!active) throw new PolicyUnavailable('unknown_bundle', `realm ${realm} has no active policy`);
    const { bytes, ...head } = active;
    try {
      return { ...head, bundle: await this.host.load(bytes) };
    } catch (error) {
      throw new PolicyUnavailable(
        'unknown_bundle',
        `policy bundle ${head.state.active_digest} does not load: ${(error as Error).message}`,
      );
    }
  }
}
