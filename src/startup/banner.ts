/** What the banner tells about a started development service. */
export interface BannerFacts {
  readonly version: string;
  readonly publicUrl: string;
  readonly realm: string;
  /** Name and text, e.g. `Policy` and `default, revision 3f2a`. */
  readonly rows: readonly (readonly [string, string])[];
  /** The token only at the start that made it; otherwise where it is. */
  readonly adminToken: string;
  readonly milliseconds: number;
}

const EXAMPLE_SERVER = 'http://localhost:3001/mcp';
const EXAMPLE_CLIENT = {
  client_name: 'My first client',
  redirect_uris: ['http://127.0.0.1:8765/callback'],
  token_endpoint_auth_method: 'none',
};

/** Sets the text that a developer sees after a start. */
export function renderBanner(facts: BannerFacts, colour: boolean): string {
  const bold = paint(1, colour);
  const dim = paint(2, colour);
  const rows = [
    ['Issuer', `${facts.publicUrl}  ${dim(`realm ${facts.realm}`)}`],
    ...facts.rows,
    ['Admin token', facts.adminToken],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    '',
    `  ${bold(`Clientele ${facts.version}`)}  ${dim(`development, started in ${(facts.milliseconds / 1000).toFixed(1)} s`)}`,
    '',
    ...rows.map(([name = '', text = '']) => `  ${dim(name.padEnd(width))}  ${text}`),
    '',
    `  ${bold('Register a client')}`,
    '',
    `    curl -s ${facts.publicUrl}/register -H 'Content-Type: application/json' \\`,
    `      -d '${JSON.stringify(EXAMPLE_CLIENT)}'`,
    '',
    `  ${bold('Meet it through MCP')}  ${dim('the example server in another terminal, then the Inspector')}`,
    '',
    '    npm run example:mcp-server',
    `    npx @modelcontextprotocol/inspector   ${dim(`# connect to ${EXAMPLE_SERVER}`)}`,
    '',
    `  ${dim('Ctrl-C stops everything.')}`,
    '',
    '',
  ].join('\n');
}

/** Whether a stream wants colours: a terminal, and NO_COLOR (no-color.org) is not set. */
export function wantsColour(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

function paint(code: number, colour: boolean): (text: string) => string {
  return (text) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
}
