// One kept-alive connection that has one request under way at a time.
import { connect } from 'node:net';
import { ResponseParser } from './response-parser.mjs';

/**
 * @typedef {object} Target
 * @property {string} host
 * @property {number} port
 */

export class Connection {
  #socket;
  #parser = new ResponseParser();
  /** @type {((response: import('./response-parser.mjs').HttpResponse) => void) | undefined} */
  #answered;
  #failed;

  /**
   * @param {Target} target
   * @param {(error: Error) => void} failed when the connection breaks while it is needed
   * @returns {Promise<Connection>}
   */
  static async open({ host, port }, failed) {
    const socket = connect({ host, port, noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Connection(socket, failed);
  }

  constructor(socket, failed) {
    this.#socket = socket;
    this.#failed = failed;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#break(error));
    socket.on('close', () => {
      if (this.#answered) this.#break(new Error('the server closed the connection before it answered'));
    });
  }

  /**
   * @param {Buffer} request
   * @param {(response: import('./response-parser.mjs').HttpResponse) => void} answered
   */
  send(request, answered) {
    this.#answered = answered;
    this.#socket.write(request);
  }

  close() {
    this.#socket.destroy();
  }

  #receive(chunk) {
    const answered = this.#answered;
    try {
      if (!answered) throw new Error('the server answered what nobody asked');
      const response = this.#parser.push(chunk);
      if (!response) return;
      if (response.closes) throw new Error(`the server ends the connection: ${response.head}`);
      this.#answered = undefined;
      answered(response);
    } catch (error) {
      this.#break(error);
    }
  }

  #break(error) {
    this.#answered = undefined;
    this.#socket.destroy();
    this.#failed(error);
  }
}
