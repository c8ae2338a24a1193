import { Query } from '@nestjs/cqrs';
import type { DirectoryEntry } from './client-directory.js';

/** One client for operators, contacts in clear; gone ones included. Undefined = there never was one. */
export class ShowClient extends Query<DirectoryEntry | undefined> {
  constructor(
    readonly realm: string,
    readonly clientId: string,
  ) {
    super();
  }
}
