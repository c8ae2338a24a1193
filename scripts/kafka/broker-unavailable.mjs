/**
 * There is no broker to be had, and the message says in one sentence what to do about it. It carries no stack: whoever
 * reads it wants the sentence.
 */
export class BrokerUnavailable extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'BrokerUnavailable';
    this.stack = `BrokerUnavailable: ${message}`;
  }
}
