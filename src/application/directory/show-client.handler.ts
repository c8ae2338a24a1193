import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ClientAccess } from '../client-configuration/client-access.js';
import { ClientDirectory, type DirectoryEntry } from './client-directory.js';
import { ShowClient } from './show-client.query.js';

@QueryHandler(ShowClient)
export class ShowClientHandler implements IQueryHandler<ShowClient> {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly access: ClientAccess,
  ) {}

  async execute({ realm, clientId }: ShowClient): Promise<DirectoryEntry | undefined> {
    const entry = await this.directory.find(realm, clientId);
    return entry && { ...entry, state: await this.access.unsealedState(entry.state) };
  }
}
