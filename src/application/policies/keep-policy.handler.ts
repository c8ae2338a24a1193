import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidPolicyBundle } from '../../platform/opa/invalid-policy-bundle.js';
import { PolicyHost } from '../../platform/opa/policy-host.js';
import { KeepPolicy } from './keep-policy.command.js';
import { PolicyStore } from './policy-store.js';

@CommandHandler(KeepPolicy)
export class KeepPolicyHandler implements ICommandHandler<KeepPolicy> {
  constructor(
    private readonly host: PolicyHost,
    private readonly store: PolicyStore,
  ) {}

  async execute({ bytes }: KeepPolicy): ReturnType<ICommandHandler<KeepPolicy>['execute']> {
    try {
      const { digest, revision, profiles } = await this.host.load(bytes);
      await this.store.keep({ digest, revision, bytes });
      return { digest, revision, profiles: [...profiles.keys()].sort() };
    } catch (error) {
      if (error instanceof InvalidPolicyBundle) return { invalid: error.message };
      throw error;
    }
  }
}
