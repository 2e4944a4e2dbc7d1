import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type {
  Copied,
  DashboardMessage,
  DashboardPage as Page,
} from '../../../src/testing/emulator/console/console-api.js';
import type { ConsoleApi } from '../api.js';
import { CopyButton, Empty, Problem } from '../parts/parts.jsx';
import { useAnswer } from '../parts/use-call.js';
import { useConsole } from '../world.js';

/** The site's dashboard as the chosen person sees it: the app's page in an iframe. */
export function DashboardPage(): JSX.Element {
  const { api, app, site, person, install } = useConsole();
  const instanceId = install?.instanceId;
  const as = person?.kind === 'user' ? person.key : undefined;
  const isReady = install?.isInstalled === true && instanceId !== undefined && as !== undefined;
  const page = useAnswer(isReady ? () => api.send<Page>('POST', 'dashboard', { instanceId, as }) : null, [
    api,
    instanceId,
    as,
    isReady,
  ]);
  return (
    <>
      <h1>Dashboard of {site?.name ?? 'the site'}</h1>
      {install?.isInstalled !== true && (
        <Empty>The app is not installed on this site. Install it on the Grants page.</Empty>
      )}
      {install?.isInstalled === true && as === undefined && (
        <Empty>Only Wix users open the dashboard. Choose one of them under “As”.</Empty>
      )}
      <Problem text={page.problem} />
      {page.data !== null && isReady && (
        <>
          <p class="actions">
            {app?.name} as {person?.name}.{' '}
            <button type="button" class="small" onClick={page.reload}>
              Load again
            </button>{' '}
            <a href={page.data.src} target="_blank" rel="noreferrer">
              Open in a new tab
            </a>{' '}
            <CopyButton label="Copy the address" text={() => Promise.resolve(page.data?.src ?? '')}>
              Copy the address
            </CopyButton>
          </p>
          <AppFrame
            key={page.data.src}
            page={page.data}
            instanceId={instanceId}
            as={as}
            title={app?.name ?? 'The app'}
          />
        </>
      )}
    </>
  );
}

interface FrameProps {
  readonly page: Page;
  readonly instanceId: string;
  readonly as: string;
  readonly title: string;
}

function AppFrame({ page, instanceId, as, title }: FrameProps): JSX.Element {
  const { api } = useConsole();
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => answerTokenRequests(api, frame, page.origin, { instanceId, as }), [api, page.origin, instanceId, as]);
  return <iframe ref={frame} src={page.src} title={`${title}, as a page of the dashboard`} />;
}

// Tokens go to the frame's own window and the app's origin only; requests from anywhere else are ignored.
function answerTokenRequests(
  api: ConsoleApi,
  frame: { readonly current: HTMLIFrameElement | null },
  origin: string,
  who: { readonly instanceId: string; readonly as: string },
): () => void {
  const listen = ({ source, origin: from, data }: MessageEvent<Partial<DashboardMessage> | null>): void => {
    const target = frame.current?.contentWindow;
    if (target === null || target === undefined || source !== target || from !== origin) return;
    if (data?.type !== 'wix-emulator:token-request' || typeof data.id !== 'string') return;
    const { id } = data;
    void tokenMessage(api, id, who).then((message) => {
      target.postMessage(message, origin);
    });
  };
  addEventListener('message', listen);
  return () => {
    removeEventListener('message', listen);
  };
}

async function tokenMessage(api: ConsoleApi, id: string, who: object): Promise<DashboardMessage> {
  try {
    const { text, expiresAt } = await api.send<Copied>('POST', 'copy', { what: 'token', ...who });
    return { type: 'wix-emulator:token', id, token: text, expiresAt: expiresAt ?? 0 };
  } catch (error) {
    return { type: 'wix-emulator:token-error', id, message: error instanceof Error ? error.message : 'No token.' };
  }
}
