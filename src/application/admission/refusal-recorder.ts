import { Injectable } from '@nestjs/common';
import type { EventContext } from '../../contract/envelope.js';
import { streams } from '../../contract/streams.js';
import { denialCode, isBeyondToken, type Rejection } from '../../domain/rejection.js';
import type { Guard } from '../../platform/event-log/append-call.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { uuidVersion7 } from '../../platform/event-log/uuid-version-7.js';
import { metadataFingerprint } from './metadata-fingerprint.js';
import type { Judgement } from './admission-judge.js';
import { lost, type Attempt } from './decide-again.js';

/** Records what the policy denied. A refusal has a stream of its own: it moves no client's version. */
@Injectable()
export class RefusalRecorder {
  constructor(private readonly log: EventLog) {}

  async record(refusal: {
    readonly action: 'register' | 'replace';
    /** The client that asked; null for a registration. */
    readonly clientId: string | null;
    readonly context: EventContext;
    readonly judgement: Judgement;
    /** What was found to stand against the client when it was judged. */
    readonly guards?: readonly Guard[];
  }): Promise<Attempt<{ readonly rejection: Rejection }>> {
    const { action, clientId, context, judgement } = refusal;
    const { violations } = judgement.decision;
    // A replacement presents another token, and that one allows replacing.
    const beyondToken = action === 'register' && isBeyondToken(violations);
    const eventId = uuidVersion7();
    const result = await this.log.append({
      context,
      requires: judgement.requires,
      ...(refusal.guards && { guards: refusal.guards }),
      writes: [
        {
          stream: streams.refusal(eventId),
          head: undefined,
          events: [
            {
              type: 'registration.refused',
              event_id: eventId,
              data: {
                action,
                channel: 'dynamic',
                client_id: clientId,
                error: beyondToken ? 'insufficient_scope' : denialCode(violations),
                violations,
                metadata_sha256: metadataFingerprint(judgement.metadata),
              },
            },
          ],
        },
      ],
      decisionInput: judgement.decisionInput,
    });
    if (!result.committed) return lost(result);
    const decisionId = judgement.trace.decision_id;
    return { result: { rejection: { kind: 'denied_by_policy', violations, decisionId, beyondToken } } };
  }
}
