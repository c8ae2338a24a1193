import { Command } from '@nestjs/cqrs';

/** Records the end of clients whose time is over. Answers how many events were appended. */
export class ExpireClients extends Command<number> {}
