import { z } from 'zod';

const SKIES = ['clear', 'cloudy', 'foggy', 'rainy', 'stormy', 'snowy'];

/**
 * Registers the one tool. It needs no network: a forecast made from the letters of the name is as good as any.
 *
 * @param {import('@modelcontextprotocol/sdk/server/mcp.js').McpServer} mcp
 * @param {{ sub: string }} caller claims of the access token
 */
export function registerWeather(mcp, caller) {
  mcp.registerTool(
    'weather',
    {
      title: 'Weather',
      description: 'Tells the weather in a city.',
      inputSchema: { city: z.string().min(1).max(100).describe('Name of the city, e.g. Lisbon') },
    },
    ({ city }) => {
      const number = Buffer.from(city.toLowerCase()).reduce((sum, byte) => sum + byte, 0);
      const forecast = `${city}: ${SKIES[number % SKIES.length]}, ${(number % 35) - 5} °C`;
      return { content: [{ type: 'text', text: `${forecast} (told to ${caller.sub})` }] };
    },
  );
}
