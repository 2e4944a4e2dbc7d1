import type { JSX } from 'preact';

import type { ConnectionView } from '../../../src/testing/emulator/console/console-api.js';
import { Select } from '../parts/parts.jsx';
import { ago } from '../parts/words.js';
import { useConsole } from '../world.js';

/** App, site and person: chosen here for every page. */
export function TopBar(): JSX.Element {
  const { world, app, site, person, changeView } = useConsole();
  const { apps = [], sites = [] } = world.overview ?? {};
  return (
    <header>
      <strong>Wix emulator</strong>
      <Select
        label="App"
        value={app?.appId ?? ''}
        options={apps.map(({ appId, name }) => [appId, name])}
        onChange={(appId) => {
          changeView({ app: appId });
        }}
      />
      <Select
        label="Site"
        value={site?.siteId ?? ''}
        options={sites.map(({ siteId, name }) => [siteId, name])}
        onChange={(siteId) => {
          changeView({ site: siteId, as: null });
        }}
      />
      <Select
        label="As"
        value={person?.key ?? ''}
        options={(site?.people ?? []).map(({ key, name, kind, isOwner }) => [
          key,
          `${name} (${isOwner ? 'owner' : kind})`,
        ])}
        onChange={(key) => {
          changeView({ as: key });
        }}
      />
      {app !== null && <Connection connection={app.connection} />}
    </header>
  );
}

function Connection({ connection }: { readonly connection: ConnectionView }): JSX.Element {
  const { world } = useConsole();
  const { reachable } = connection;
  const lastRequestAt = world.requests.at(-1)?.at ?? connection.lastRequestAt;
  const now = Math.max(world.overview?.emulator.now ?? 0, lastRequestAt ?? 0);
  return (
    <p class="connection" role="status">
      <span class={`tag ${reachable ? 'good' : 'bad'}`}>{reachable ? '● app reachable' : '○ app not reachable'}</span>{' '}
      {lastRequestAt === null ? 'has not asked Wix yet' : `asked Wix ${ago(lastRequestAt, now)}`}
    </p>
  );
}
