// What the load generator can be asked to do. Requests are built before the clock starts, and reused.
import { codeFlow } from './code-flow.mjs';
import { httpRequest } from './http-request.mjs';

/**
 * Sends some requests in turn, all of them to be answered with one status.
 *
 * @param {{requests: readonly Parameters<typeof httpRequest>[0][], expected: number}} parameters
 * @param {import('./connection.mjs').Target} target
 * @returns {import('./drive.mjs').Workload}
 */
function requestsInTurn({ requests, expected }, target) {
  const flows = requests.map((request) => ({ request: httpRequest(request, target), expected }));
  let next = 0;
  return {
    begin() {
      const flow = flows[next];
      next = next + 1 === flows.length ? 0 : next + 1;
      return flow;
    },
  };
}

export const workloads = { requestsInTurn, codeFlow };
