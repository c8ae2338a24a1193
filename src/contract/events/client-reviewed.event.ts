import type { Sealed } from '../sealed.js';

/** What a review was about: the client itself, or a replacement of its metadata that was waiting. */
export type ReviewSubject = 'client' | 'change';

/** A person let a client in, or put its waiting change in force. */
export interface ClientApproved {
  readonly client_id: string;
  readonly subject: ReviewSubject;
  /** The version of the client's stream that the person looked at. */
  readonly approved_version: number;
  readonly reason: Sealed;
}

/** A person took a denial back: the client stays denied, but it no longer stands against whoever registers the same again. */
export interface ClientDenialLifted {
  readonly client_id: string;
  readonly reason: Sealed;
}

/** A person turned a client away, or discarded its waiting change. */
export interface ClientDenied {
  readonly client_id: string;
  readonly subject: ReviewSubject;
  readonly reason: Sealed;
}
