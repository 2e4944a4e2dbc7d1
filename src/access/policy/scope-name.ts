const MAX_LENGTH = 164;
const DOTTED = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;
const COLONS = /^[a-z0-9_-]+(?::[a-z0-9_-]+)+$/;

/**
 * Whether a text can be a permission scope or permission id, by the forms Wix writes them in. Says nothing about
 * whether there is one of that name.
 */
export const isScopeName = (text: string): boolean =>
  text.length <= MAX_LENGTH && (DOTTED.test(text) || COLONS.test(text)) && !isMiscasedScope(text);

const isMiscasedScope = (text: string): boolean => /^scope\./i.test(text) && !text.startsWith('SCOPE.');
