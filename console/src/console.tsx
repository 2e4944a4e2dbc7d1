import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { ConsoleApi } from './api.js';
import { DashboardPage } from './pages/dashboard.jsx';
import { EventsPage } from './pages/events.jsx';
import { FaultsPage } from './pages/faults.jsx';
import { GrantsPage } from './pages/grants.jsx';
import { InstallPage } from './pages/install.jsx';
import { OverviewPage } from './pages/overview.jsx';
import { RequestsPage } from './pages/requests.jsx';
import { TryPage } from './pages/try.jsx';
import { KeyForm } from './frame/key-form.jsx';
import { Navigation } from './frame/navigation.jsx';
import { RequestStrip } from './frame/request-strip.jsx';
import { TopBar } from './frame/top-bar.jsx';
import { Empty, Problem } from './parts/parts.js';
import { takeRunKey } from './run-key.js';
import { useView, type PageName } from './view.js';
import { choiceOf, ConsoleContext, useWorld } from './world.js';

const PAGE_COMPONENTS: Readonly<Record<PageName, () => JSX.Element>> = {
  overview: OverviewPage,
  dashboard: DashboardPage,
  try: TryPage,
  grants: GrantsPage,
  events: EventsPage,
  install: InstallPage,
  faults: FaultsPage,
  requests: RequestsPage,
};

/** The console: asks for the key of this run where the address has none. */
export function Console(): JSX.Element {
  const [key, setKey] = useState(takeRunKey);
  return key === null ? <KeyForm onKey={setKey} /> : <Frame runKey={key} onKey={setKey} />;
}

function Frame({ runKey, onKey }: { readonly runKey: string; readonly onKey: (key: string) => void }): JSX.Element {
  const api = useMemo(() => new ConsoleApi(runKey), [runKey]);
  const world = useWorld(api);
  const [view, changeView] = useView();
  if (world.problem?.status === 401) return <KeyForm problem={world.problem.message} onKey={onKey} />;

  const Page = PAGE_COMPONENTS[view.page];
  return (
    <ConsoleContext.Provider value={{ api, world, view, changeView, ...choiceOf(world.overview, view) }}>
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <TopBar />
      <div class="columns">
        <Navigation />
        <main id="page" tabIndex={-1}>
          <Problem text={world.problem?.message ?? null} />
          {world.overview === null ? <Empty>Reading …</Empty> : <Page key={view.page} />}
        </main>
      </div>
      <RequestStrip />
    </ConsoleContext.Provider>
  );
}
