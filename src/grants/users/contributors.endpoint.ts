import { isJsonObject, numberOf, objectOf, textOf, type JsonObject } from '../../core/values/json.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, type WixAnswer } from '../../http/wix-answer.js';
import type { AppRequests } from '../app-requests.js';

const PATH = '/roles-management/v2/contributors/query';
const MAX_PAGES = 50;

interface Page {
  readonly contributors: readonly JsonObject[];
  /** The query of the next page, if there is one. */
  readonly next: string | undefined;
}

/**
 * Reads the roles of a site's collaborators (Query Site Contributors, a developer preview: its paging and the shape
 * of assignments are read tolerantly).
 */
export class ContributorsEndpoint {
  readonly #requests: AppRequests;

  constructor(requests: AppRequests) {
    this.#requests = requests;
  }

  /** The role ids of a user on the whole site: empty for a stranger, `'forbidden'` when the app may not ask. */
  async rolesOf(instanceId: WixInstanceId, userId: string): Promise<readonly string[] | 'forbidden'> {
    const asked = new Set<string>();
    let query: string | undefined = '';
    while (query !== undefined) {
      refuseEndless(asked, query);
      asked.add(query);
      const page = await this.#page(instanceId, query);
      if (page === 'forbidden') return page;
      const user = page.contributors.find((contributor) => isSameId(textOf(contributor, 'id'), userId));
      if (user !== undefined) return rolesIn(user);
      query = page.next;
    }
    return [];
  }

  async #page(instanceId: WixInstanceId, query: string): Promise<Page | 'forbidden'> {
    const answer = await this.#requests.get(instanceId, `${PATH}${query}`, listsContributors);
    if (answer.status === 403 && (answer.isEmpty || answer.body !== undefined)) return 'forbidden';
    const { body } = answer;
    // Wix's JSON leaves out lists that are empty.
    const listed: unknown = body?.['contributors'] ?? [];
    if (answer.status !== 200 || body === undefined || !Array.isArray(listed)) {
      throw new WixUnavailableError(
        `Wix did not list the site's contributors (${describeAnswer(answer)}).`,
        factsOf(answer),
      );
    }
    const contributors = listed.filter(isJsonObject);
    return { contributors, next: nextPage(body, contributors.length) };
  }
}

// A user who was not found on the first pages may be on the others, so this is not an answer.
function refuseEndless(asked: ReadonlySet<string>, query: string): void {
  if (asked.size < MAX_PAGES && !asked.has(query)) return;
  throw new WixUnavailableError("Wix does not stop listing the site's contributors, or lists the same ones again.");
}

const isSameId = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

// Wix's JSON leaves out lists that are empty.
const listsContributors = ({ body }: WixAnswer): boolean =>
  body !== undefined && Array.isArray(body['contributors'] ?? []);

function nextPage(body: JsonObject, count: number): string | undefined {
  const paging = isJsonObject(body['pagingMetadata']) ? body['pagingMetadata'] : objectOf(body, 'metadata');
  if (paging['hasNext'] === false) return undefined;
  const cursor = textOf(objectOf(paging, 'cursors'), 'next') ?? textOf(paging, 'nextCursor');
  if (cursor !== undefined) return `?paging.cursor=${encodeURIComponent(cursor)}`;
  const reached = (numberOf(paging, 'offset') ?? 0) + count;
  const more = count > 0 && (numberOf(paging, 'total') ?? 0) > reached;
  return more ? `?paging.offset=${String(reached)}` : undefined;
}

function rolesIn(contributor: JsonObject): readonly string[] {
  const assignments = objectOf(contributor, 'metaData')['assignments'] ?? contributor['assignments'];
  if (!Array.isArray(assignments)) return [];
  return assignments
    .filter(isJsonObject)
    .filter((assignment) => !isLimitedToLocation(assignment))
    .flatMap(roleIn);
}

function roleIn(assignment: JsonObject): readonly string[] {
  const policy = assignment['policy'];
  const named = isJsonObject(policy) ? (textOf(policy, 'policyId') ?? textOf(policy, 'id')) : policy;
  const role = named ?? assignment['policyId'] ?? assignment['roleId'];
  return typeof role === 'string' && role !== '' ? [role] : [];
}

// A role for one location of a business is no role for the site. Which member names the location is undocumented.
function isLimitedToLocation(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isLimitedToLocation);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) => (/location/i.test(key) && !isEmpty(member)) || isLimitedToLocation(member),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
