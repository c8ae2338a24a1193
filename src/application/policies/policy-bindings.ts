import { Injectable } from '@nestjs/common';
import type { PolicyBindingState } from '../../domain/policy/policy-binding.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import { PolicyHost, type LoadedBundle } from '../../platform/opa/policy-host.js';
import { PolicyUnavailable } from '../../platform/opa/policy-unavailable.js';
import { PolicyStore } from './policy-store.js';

/** The bundle that judges a realm, loaded, with the version of `policy:<realm>` that decisions made by it require. */
export interface PolicyBinding extends StreamHead<PolicyBindingState> {
  readonly bundle: LoadedBundle;
}

/**
 * How long a binding is believed. Decisions are exact all the same, because their append requires the version; but where
 * there is no decision there is no append either, and an instance must get off a broken policy by itself.
 */
const MEMORY_MS = 1_000;

/**
 * Which policy judges which realm, as this instance believes. An instance that is behind finds out at the append; it then
 * forgets, loads and decides again.
 */
@Injectable()
export class PolicyBindings {
  private readonly remembered = new Map<
    string,
    { readonly binding: Promise<PolicyBinding>; readonly until: number }
  >();
  /** By digest, which says it all. */
  private readonly bundles = new Map<string, Promise<LoadedBundle>>();

  constructor(
    private readonly store: PolicyStore,
    private readonly host: PolicyHost,
  ) {}

  /** @throws PolicyUnavailable when the realm has no policy, or its bundle does not load: fail closed */
  current(realm: string): Promise<PolicyBinding> {
    const known = this.remembered.get(realm);
    if (known && known.until > performance.now()) return known.binding;
    const binding = this.find(realm);
    this.remembered.set(realm, { binding, until: performance.now() + MEMORY_MS });
    binding.catch(() => this.forget(realm));
    return binding;
  }

  forget(realm: string): void {
    this.remembered.delete(realm);
  }

  private async find(realm: string): Promise<PolicyBinding> {
    const head = await this.store.findActive(realm);
    if (!head) throw new PolicyUnavailable('unknown_bundle', `realm ${realm} has no active policy`);
    const digest = head.state.active_digest;
    let bundle = this.bundles.get(digest);
    if (!bundle) {
      bundle = this.load(digest);
      this.bundles.set(digest, bundle);
      bundle.catch(() => this.bundles.delete(digest));
    }
    return { ...head, bundle: await bundle };
  }

  private async load(digest: string): Promise<LoadedBundle> {
    const bytes = await this.store.find(digest);
    if (!bytes) throw new PolicyUnavailable('unknown_bundle', `policy bundle ${digest} is not kept`);
    try {
      return await this.host.load(bytes);
    } catch (error) {
      throw new PolicyUnavailable(
        'unknown_bundle',
        `policy bundle ${digest} does not load: ${(error as Error).message}`,
      );
    }
  }
}
