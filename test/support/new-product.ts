/** A product as Catalog V3 takes it. */
export const newProduct = (name: string, price = 5): object => ({
  name,
  productType: 'PHYSICAL',
  physicalProperties: {},
  variantsInfo: { variants: [{ price: { actualPrice: { amount: String(price) } }, physicalProperties: {} }] },
});
