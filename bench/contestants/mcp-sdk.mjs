// The MCP TypeScript SDK's registration handler; the server itself is peers/mcp-sdk-server.mjs.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './server-process.mjs';

const SCRIPT = fileURLToPath(new URL('peers/mcp-sdk-server.mjs', import.meta.url));

/**
 * @param {import('./cluster.mjs').Cluster} cluster whose folder takes the log
 * @param {{database: string}} options only a name, it has no database
 */
export async function startMcpSdk(cluster, { database }) {
  const server = await startServer(
    {
      name: 'MCP SDK',
      script: SCRIPT,
      environment: {},
      logFile: path.join(cluster.folder, `${database}.log`),
    },
    (child) => child.announcedPort,
  );
  return {
    ...server,
    name: 'MCP SDK',
    target: { host: '127.0.0.1', port: server.port },
    origin: `http://127.0.0.1:${server.port}`,
    register: { path: '/register' },
  };
}
