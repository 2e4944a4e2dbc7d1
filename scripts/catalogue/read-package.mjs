import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a generated package of Wix declares: its events, methods and service plugins, and the scopes its typings name. */
export async function readPackage({ name, version, folder }) {
  const build = join(folder, 'build/es');
  const exported = Object.values(await load(join(build, 'index.mjs')));
  const blocks = docBlocksIn(build);
  const id = `${name}@${version}`;
  return {
    events: eventsOf(exported, blocks).map((row) => ({ ...row, package: id })),
    methods: (await methodsOf(join(build, 'meta.mjs'), blocks)).map((row) => ({ ...row, package: id })),
    plugins: pluginsOf(exported).map((row) => ({ ...row, package: id })),
    scopes: blocks.flatMap(({ scopes, tags }) =>
      scopes.map((scope) => ({ ...scope, permissions: tags('permissionId') })),
    ),
  };
}

const load = (file) => import(pathToFileURL(file).href);

/** The doc comments of the typings, each with what it says and the function it stands above. */
function docBlocksIn(build) {
  const typings = readdirSync(build).filter((file) => file.endsWith('.d.mts'));
  return typings.flatMap((file) =>
    [
      ...readFileSync(join(build, file), 'utf8').matchAll(
        /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*(?:declare function (\w+))?/g,
      ),
    ].map(([, comment, functionName]) => ({
      functionName,
      scopes: scopesIn(comment),
      tags: (tag) => tagsIn(comment, tag),
    })),
  );
}

const tagsIn = (comment, tag) => [...comment.matchAll(new RegExp(`@${tag} (\\S+)`, 'g'))].map(([, value]) => value);

const scopesIn = (comment) =>
  [...comment.matchAll(/@permissionScope (.+)\n[ *]*@permissionScopeId (\S+)/g)].map(([, name, id]) => ({ id, name }));

function eventsOf(exported, blocks) {
  const domain = new Map(
    exported.filter((value) => value?.__type === 'event-definition').map((value) => [value.type, value.isDomainEvent]),
  );
  const described = new Map(blocks.flatMap((block) => block.tags('eventType').map((type) => [type, block])));
  return [...new Set([...domain.keys(), ...described.keys()])].map((type) => ({
    event_type: type,
    kind: (domain.get(type) ?? type.startsWith('wix.')) ? 'domain' : 'flat',
    permission_ids: listed(described.get(type)?.tags('permissionId')),
    scopes: listed(described.get(type)?.scopes.map(({ id }) => id)),
  }));
}

async function methodsOf(file, blocks) {
  if (!existsSync(file)) return [];
  const described = new Map(blocks.map((block) => [block.functionName, block]));
  const methods = Object.entries(await load(file)).filter(([, value]) => typeof value === 'function');
  return methods.map(([name, describe]) => {
    const { httpMethod, getUrl } = describe();
    const permissions = described.get(name)?.tags('permissionId');
    return { name, http: httpMethod, url: getUrl({ host: 'www.wixapis.com' }), permission_ids: listed(permissions) };
  });
}

function pluginsOf(exported) {
  const definitions = exported.filter((value) => value?.__type === 'service-plugin-definition');
  const methods = new Map(
    definitions.flatMap(({ componentType, methods }) =>
      methods.map(({ name, primaryHttpMappingPath }) => [
        `${componentType} ${name}`,
        { component_type: componentType, method: name, path: primaryHttpMappingPath },
      ]),
    ),
  );
  const errors = listed(exported.filter(isErrorClass).map((ErrorClass) => errorOf(new ErrorClass())));
  return [...methods.values()].map((row) => ({ ...row, errors }));
}

const isErrorClass = (value) => typeof value === 'function' && value.__type === 'wix_spi_error';
const errorOf = ({ applicationCode, httpCode }) => `${applicationCode}:${httpCode}`;
const listed = (entries = []) => [...new Set(entries)].sort().join(';');
