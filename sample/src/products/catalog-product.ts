import type { ProductDto } from './product.dto.js';

/** A product as Wix's Catalog V3 accepts it. */
export const catalogProduct = ({ name, price }: ProductDto): object => ({
  name,
  productType: 'PHYSICAL',
  physicalProperties: {},
  variantsInfo: { variants: [{ price: { actualPrice: { amount: String(price) } }, physicalProperties: {} }] },
});
