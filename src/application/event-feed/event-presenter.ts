import { Injectable } from '@nestjs/common';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import { isSealed } from '../../contract/sealed.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';
import { ERASED, type PresentedEvent } from './presented-event.js';

/** Opens stored events for operators. */
@Injectable()
export class EventPresenter {
  constructor(private readonly sealer: Sealer) {}

  async present(event: CommittedEvent): Promise<PresentedEvent> {
    const envelope = JSON.parse(event.body.toString('utf8')) as JsonObject;
    return { position: event.position, ...((await this.unsealed(envelope)) as JsonObject) };
  }

  private async unsealed(value: JsonValue): Promise<JsonValue> {
    if (isSealed(value)) {
      const opened = await this.sealer.unseal(value);
      return opened === undefined ? ERASED : opened;
    }
    if (Array.isArray(value))
      return Promise.all((value as readonly JsonValue[]).map((item) => this.unsealed(item)));
    if (typeof value !== 'object' || value === null) return value;
    const members = await Promise.all(
      Object.entries(value as JsonObject).map(
        async ([name, member]) => [name, await this.unsealed(member)] as const,
      ),
    );
    return Object.fromEntries(members);
  }
}
