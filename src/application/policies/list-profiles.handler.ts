import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ListProfiles } from './list-profiles.query.js';
import { PolicyBindings } from './policy-bindings.js';

@QueryHandler(ListProfiles)
export class ListProfilesHandler implements IQueryHandler<ListProfiles> {
  constructor(private readonly bindings: PolicyBindings) {}

  async execute({ realm }: ListProfiles): Promise<readonly string[]> {
    const { bundle } = await this.bindings.current(realm);
    return [...bundle.profiles.keys()].sort();
  }
}
