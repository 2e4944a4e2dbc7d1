import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  GrantsView,
  Held,
  InstallChange,
  PersonChange,
  PersonView,
  ScopeRow,
} from '../../../src/testing/emulator/console/console-api.js';
import { Empty, Field, Problem, Table, TextField, Toggle } from '../parts/parts.jsx';
import { useAction, useAnswer, type Action } from '../parts/use-call.js';
import { useConsole } from '../world.js';

/** What the installation and each person hold. A change takes effect at once. */
export function GrantsPage(): JSX.Element {
  const { api, install, site, app, world } = useConsole();
  const instanceId = install?.instanceId;
  const grants = useAnswer(
    instanceId === undefined ? null : () => api.get<GrantsView>(`grants?instanceId=${encodeURIComponent(instanceId)}`),
    [api, instanceId, world.version],
  );
  const action = useAction();
  const changeInstall = (change: InstallChange): void => {
    action.run(async () => {
      await api.send('PATCH', `installs/${encodeURIComponent(instanceId ?? '')}`, change);
      grants.reload();
    });
  };
  const changePerson = (key: string, change: PersonChange): void => {
    action.run(async () => {
      await api.send(
        'PATCH',
        `sites/${encodeURIComponent(site?.siteId ?? '')}/people/${encodeURIComponent(key)}`,
        change,
      );
      grants.reload();
    });
  };
  return (
    <>
      <h1>Grants on {site?.name ?? 'the site'}</h1>
      <Problem text={action.problem ?? grants.problem} />
      {instanceId === undefined && (
        <Empty>{app?.name ?? 'The app'} has never been on this site. Start with the Install page.</Empty>
      )}
      {grants.data !== null && (
        <>
          <Installation view={grants.data} action={action} change={changeInstall} />
          <Scopes view={grants.data} action={action} changeInstall={changeInstall} changePerson={changePerson} />
          <AddScope view={grants.data} change={changeInstall} />
          <Roles people={grants.data.people} change={changePerson} />
        </>
      )}
    </>
  );
}

interface PartProps {
  readonly view: GrantsView;
  readonly action: Action;
}

const Installation = ({
  view: { install },
  action,
  change,
}: PartProps & { readonly change: (change: InstallChange) => void }): JSX.Element => (
  <p class="actions">
    <span class={`tag ${install.isInstalled ? 'good' : 'warn'}`}>
      {install.isInstalled ? '✓ installed' : '– removed'}
    </span>{' '}
    <button
      type="button"
      disabled={action.isBusy}
      onClick={() => {
        change({ isInstalled: !install.isInstalled });
      }}
    >
      {install.isInstalled ? 'Remove the app from the site' : 'Install the app again'}
    </button>{' '}
    Plan: {install.plan ?? 'free'}
  </p>
);

const WORDS: Readonly<Record<Held, string>> = {
  direct: 'held',
  contained: 'contained in another scope',
  no: 'not held',
};

function Scopes(
  props: PartProps & {
    readonly changeInstall: (change: InstallChange) => void;
    readonly changePerson: (key: string, change: PersonChange) => void;
  },
): JSX.Element {
  const { rows, people } = props.view;
  const users = people.filter(({ kind }) => kind === 'user');
  if (rows.length === 0) return <Empty>The app asks for no scope, and none is granted. Add one below.</Empty>;
  return (
    <Table
      caption="Scopes"
      head={['Scope', 'The app', ...users.map(({ name, isOwner }) => (isOwner ? `${name} (owner)` : name))]}
    >
      {rows.map((row) => (
        <tr key={row.scope}>
          <th scope="row">
            <code>{row.scope}</code>
            {row.contains.length > 0 && (
              <details>
                <summary>contains {row.contains.length}</summary>
                <small>{row.contains.join(', ')}</small>
              </details>
            )}
          </th>
          <td>
            <HeldToggle
              held={row.app}
              label={`${row.scope} of the app`}
              isFixed={props.action.isBusy}
              onChange={(isOn) => {
                props.changeInstall(isOn ? { grant: [row.scope] } : { revoke: [row.scope] });
              }}
            />
          </td>
          {users.map((person) => (
            <td key={person.key}>
              <HeldToggle
                held={row.people[person.key] ?? 'no'}
                label={`${row.scope} of ${person.name}`}
                isFixed={props.action.isBusy || person.isOwner}
                onChange={(isOn) => {
                  props.changePerson(person.key, { permissions: changed(person, row, isOn) });
                }}
              />
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

const changed = ({ permissions }: PersonView, { scope }: ScopeRow, isOn: boolean): readonly string[] =>
  isOn ? [...permissions, scope] : permissions.filter((one) => one !== scope);

const HeldToggle = (props: {
  readonly held: Held;
  readonly label: string;
  readonly isFixed: boolean;
  readonly onChange: (isOn: boolean) => void;
}): JSX.Element => (
  <>
    <Toggle
      label={props.label}
      isLabelHidden
      isOn={props.held !== 'no'}
      disabled={props.isFixed || props.held === 'contained'}
      onChange={props.onChange}
    />{' '}
    <small>{WORDS[props.held]}</small>
  </>
);

function AddScope({
  view,
  change,
}: {
  readonly view: GrantsView;
  readonly change: (change: InstallChange) => void;
}): JSX.Element {
  const [scope, setScope] = useState('');
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        change({ grant: [scope.trim()] });
        setScope('');
      }}
    >
      <Field label="Grant the app another scope">
        {(id) => (
          <input
            id={id}
            list="known-scopes"
            value={scope}
            required
            onInput={(event) => {
              setScope(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <datalist id="known-scopes">
        {view.knownScopes.map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
      <button type="submit">Grant</button>
    </form>
  );
}

function Roles(props: {
  readonly people: readonly PersonView[];
  readonly change: (key: string, change: PersonChange) => void;
}): JSX.Element {
  const users = props.people.filter(({ kind, isOwner }) => kind === 'user' && !isOwner);
  return (
    <section aria-labelledby="roles">
      <h2 id="roles">Roles</h2>
      {users.length === 0 && <Empty>Only the owner is here. Add people to wix-emulator.json.</Empty>}
      {users.map((person) => (
        <RolesOf key={person.key} person={person} change={props.change} />
      ))}
    </section>
  );
}

function RolesOf({
  person,
  change,
}: {
  readonly person: PersonView;
  readonly change: (key: string, change: PersonChange) => void;
}): JSX.Element {
  const [roles, setRoles] = useState(person.roles.join(', '));
  const list = roles.split(',').map((role) => role.trim());
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        change(person.key, { roles: list.filter((role) => role !== '') });
      }}
    >
      <TextField label={`Role ids of ${person.name}`} value={roles} onInput={setRoles} hint="Separated by commas" />
      <button type="submit">Save</button>
    </form>
  );
}
