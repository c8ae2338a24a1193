// Evaluations of the shipped policy, with the input of a real registration.
import { startClientele } from '../contestants/clientele.mjs';
import { runScript } from '../own-process/run-script.mjs';
import { publicClients, registerClients } from './client-bodies.mjs';
import { withContestants } from './with-contestants.mjs';

const IN_FLIGHT = 64;

/** @param {object} context as `compare` takes it */
export async function policy(context) {
  const { effort, progress } = context;
  const input = await inputOfARegistration(context);
  progress.say(`policy evaluations: ${effort.runs} runs together, ${effort.runs} runs one by one`);
  const { together, alone } = await runScript('policy-evaluations', {
    input,
    inFlight: IN_FLIGHT,
    ...effort,
  });
  return [
    {
      id: 'policy',
      measurements: [
        {
          name: 'rate',
          text: `policy evaluations, ${IN_FLIGHT} in flight`,
          values: together.map((run) => run.rate),
          unit: '/s',
        },
        {
          name: 'cpu',
          text: 'policy evaluation, processor time of both threads',
          values: together.map((run) => run.cpu),
          unit: 'µs',
        },
        ...['p50', 'p99'].map((rank) => ({
          name: rank,
          text: `policy evaluation, one by one, ${rank} with the way to the thread and back`,
          values: alone.map((run) => run.whole[rank]),
          unit: 'ms',
        })),
        ...['p50', 'p99'].map((rank) => ({
          name: `inside-${rank}`,
          text: `policy evaluation, one by one, ${rank} inside the WebAssembly`,
          values: alone.map((run) => run.inside[rank]),
          unit: 'ms',
        })),
      ],
    },
  ];
}

function inputOfARegistration(context) {
  return withContestants(context, 'policy', [startClientele], async ([clientele]) => {
    await registerClients(clientele, publicClients, 1);
    return context.cluster.query(clientele.databaseUrl, async (pool) => {
      const { rows } = await pool.query(
        `select convert_from(body, 'UTF8')::json as input from decision_inputs`,
      );
      return rows[0].input;
    });
  });
}
