import type { ManifestChoice } from './wix-manifest.js';
import type { WixRoute } from './wix-route.js';

/** What the handlers of events need: Wix sends an event only to apps that hold one of its scopes. */
export async function neededByEvents(routes: readonly WixRoute[]): Promise<readonly ManifestChoice[]> {
  const events = routes.filter(({ kind }) => kind === 'event');
  if (events.length === 0) return [];
  const scopes = await scopesByEvent();
  return events.flatMap(({ name, handler }) => {
    const accepted = scopes.get(name.replace('event ', '')) ?? [];
    return accepted.length === 0 ? [] : [{ scopes: accepted, requiredBy: [`${name} (${handler})`] }];
  });
}

async function scopesByEvent(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { eventScopes } = await import('./event-scopes.js');
  return new Map(
    eventScopes.map((line) => {
      const [type = '', scopes = ''] = line.split(' ');
      return [type, scopes.split(';')];
    }),
  );
}
