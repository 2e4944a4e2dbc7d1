/** The scope that guarded routes of the benchmark ask for. */
export const MANAGE_PRODUCTS = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
