import { Query } from '@nestjs/cqrs';

/** The profiles that a realm's active policy has. */
export class ListProfiles extends Query<readonly string[]> {
  constructor(readonly realm: string) {
    super();
  }
}
