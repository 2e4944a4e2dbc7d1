const MAX_SEGMENTS = 12;

/**
 * A path as it may stand in traces and metrics: without its query, and with `{id}` for every part that is not plainly a
 * word of an API. What names a thing or a person is no word: it has digits, capitals in the wrong place, or signs.
 */
export const pathTemplate = (path: string): string =>
  path
    .replace(/[?#].*$/s, '')
    .split('/')
    .slice(0, MAX_SEGMENTS + 1)
    .map((segment) => (isWord(segment) ? segment : '{id}'))
    .join('/');

const WORD = /^(v\d{1,2}|oauth2|_?[a-z]+([-_.][a-z]+)*|[a-z]+([A-Z][a-z]+)*)?$/;
const LONGEST_WORD = 40;

const isWord = (segment: string): boolean => segment.length <= LONGEST_WORD && WORD.test(segment);
