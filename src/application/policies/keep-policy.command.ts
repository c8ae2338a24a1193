import { Command } from '@nestjs/cqrs';

/** Checks a bundle and keeps it, without making it anybody's policy. */
export class KeepPolicy extends Command<
  | { readonly digest: string; readonly revision: string; readonly profiles: readonly string[] }
  | { readonly invalid: string }
> {
  constructor(
    /** The bundle file as `opa build` or `npm run policy:build` makes it. */
    readonly bytes: Buffer,
  ) {
    super();
  }
}
