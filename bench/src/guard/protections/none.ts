import type { Protection } from '../protection.js';

export const protection = (): Protection => ({ guards: [], metadata: {} });
