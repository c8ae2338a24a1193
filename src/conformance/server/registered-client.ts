import { answerOf, type Exchange, type JsonObject } from '../http/exchange.js';

/** A client that the server has registered. */
export class RegisteredClient {
  /** Members of the 201 answer. */
  readonly answer: JsonObject;
  /** Of the configuration endpoint (RFC 7592 section 3); undefined where the server offers none. */
  readonly configurationUri: string | undefined;
  /** The newest one: servers may rotate it. */
  accessToken: string | undefined;

  constructor(readonly exchange: Exchange) {
    this.answer = answerOf(exchange);
    this.configurationUri = text(this.answer['registration_client_uri']);
    this.accessToken = text(this.answer['registration_access_token']);
  }

  get clientId(): string {
    return text(this.answer['client_id']) ?? '';
  }

  get secret(): string | undefined {
    return text(this.answer['client_secret']);
  }

  /** Takes over the token of an answer that carries a new one (RFC 7592 section 2.1). */
  learnFrom(exchange: Exchange): void {
    if (exchange.status === 200) {
      this.accessToken = text(answerOf(exchange)['registration_access_token']) ?? this.accessToken;
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
