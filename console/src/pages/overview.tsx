import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { AppView, Copied, EnvLine } from '../../../src/testing/emulator/console/console-api.js';
import { CopyButton, Empty, Id, Problem, Table } from '../parts/parts.jsx';
import { useAction } from '../parts/use-call.js';
import { addressOf } from '../view.js';
import { useConsole } from '../world.js';

const WORDS = { yes: '✓ yes', no: '✗ not yet', unknown: '? unknown' } as const;
const TONES = { yes: 'good', no: 'warn', unknown: 'idle' } as const;

/** Apps, sites, people, and whether the app is connected. */
export function OverviewPage(): JSX.Element {
  const { app } = useConsole();
  return (
    <>
      <h1>Overview</h1>
      {app === null ? (
        <Empty>There is no app in this scenario. Add one to wix-emulator.json.</Empty>
      ) : (
        <App app={app} />
      )}
      <Sites />
    </>
  );
}

const App = ({ app }: { readonly app: AppView }): JSX.Element => (
  <>
    <section aria-labelledby="checks">
      <h2 id="checks">Is {app.name} connected?</h2>
      <ul class="checks">
        {app.connection.checks.map(({ id, title, state, text }) => (
          <li key={id}>
            <span class={`tag ${TONES[state]}`}>{WORDS[state]}</span> <strong>{title}</strong> {text}
          </li>
        ))}
      </ul>
    </section>
    <section aria-labelledby="env">
      <h2 id="env">Lines for .env</h2>
      <Env app={app} />
    </section>
  </>
);

function Env({ app }: { readonly app: AppView }): JSX.Element {
  const { api } = useConsole();
  const copied = async (name?: string): Promise<string> => {
    const request = { what: 'env', appId: app.appId, ...(name !== undefined && { name }) };
    return (await api.send<Copied>('POST', 'copy', request)).text;
  };
  return (
    <>
      <Table caption="Lines for .env" head={['Name', 'Value', 'Copy']}>
        {app.env.map((line) => (
          <tr key={line.name}>
            <td>
              <code>{line.name}</code>
            </td>
            <td>
              <EnvValue line={line} read={() => copied(line.name)} />
            </td>
            <td>
              <CopyButton label={`Copy ${line.name}`} text={() => copied(line.name)} />
            </td>
          </tr>
        ))}
      </Table>
      <p>
        <CopyButton label="Copy all lines" text={() => copied()}>
          Copy all lines
        </CopyButton>
      </p>
    </>
  );
}

function EnvValue({ line, read }: { readonly line: EnvLine; readonly read: () => Promise<string> }): JSX.Element {
  const [shown, setShown] = useState<string | null>(null);
  const action = useAction();
  if (line.value !== null) return <code class="long">{line.value}</code>;
  const show = (): void => {
    action.run(async () => {
      setShown(await read());
    });
  };
  return (
    <>
      {shown !== null && <code class="long">{shown}</code>}
      <button
        type="button"
        class="small"
        aria-label={`${shown === null ? 'Show' : 'Hide'} ${line.name}`}
        onClick={() => {
          if (shown === null) show();
          else setShown(null);
        }}
      >
        {shown === null ? 'Show' : 'Hide'}
      </button>
      <Problem text={action.problem} />
    </>
  );
}

function Sites(): JSX.Element {
  const { world, app, view } = useConsole();
  const { sites = [], installs = [] } = world.overview ?? {};
  const installOf = (siteId: string) => installs.find((one) => one.siteId === siteId && one.appId === app?.appId);
  return (
    <section aria-labelledby="sites">
      <h2 id="sites">Sites</h2>
      <Table caption="Sites" head={['Site', 'Catalog', 'The app', 'Instance', 'People']}>
        {sites.map(({ siteId, name, catalogVersion, people }) => {
          const install = installOf(siteId);
          return (
            <tr key={siteId}>
              <th scope="row">
                <a href={addressOf({ ...view, site: siteId, as: null })}>{name}</a>
              </th>
              <td>{catalogVersion}</td>
              <td>
                <span class={`tag ${install?.isInstalled === true ? 'good' : 'idle'}`}>
                  {install?.isInstalled === true ? '✓ installed' : '– not installed'}
                </span>
              </td>
              <td>{install !== undefined && <Id value={install.instanceId} label={`instance id of ${name}`} />}</td>
              <td>{people.map((person) => `${person.name} (${person.isOwner ? 'owner' : person.kind})`).join(', ')}</td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
