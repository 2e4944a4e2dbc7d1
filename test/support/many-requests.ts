import { Agent, get } from 'node:http';

/** How many requests were answered with which status. */
export type Tally = Readonly<Record<number, number>>;

/** Sends many requests at once, over as many connections as it takes, and counts the statuses. */
export async function tallyOf(url: string, credentials: readonly string[], maxSockets = Infinity): Promise<Tally> {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const statuses = await Promise.all(credentials.map((authorization) => statusOf(url, { authorization }, agent)));
  agent.destroy();
  return counted(statuses);
}

/** The status one request is answered with. */
export const statusOf = (url: string, headers: Record<string, string>, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    }).once('error', reject);
  });

function counted(statuses: readonly number[]): Tally {
  const tally: Record<number, number> = {};
  for (const status of statuses) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}
